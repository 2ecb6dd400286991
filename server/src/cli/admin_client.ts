/** The admin API of a running server, for the commands that ask it. */

import { type Command, Option } from 'commander';
import { command } from './options.js';

export interface AdminOptions {
  readonly url: string;
  readonly adminToken?: string;
}

export function withAdminOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--url <url>', 'the running server').env('BADGED_URL').default('http://127.0.0.1:8080'),
    )
    .addOption(
      new Option('--admin-token <token>', 'as the first start printed it').env('BADGED_ADMIN_TOKEN'),
    );
}

/** The answer's JSON; undefined where it has none. Whatever goes wrong is said in a sentence, and ends the program. */
export async function ask(
  options: AdminOptions,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  if (options.adminToken === undefined) {
    return exit(
      'This needs the admin token that the first start printed: --admin-token, or BADGED_ADMIN_TOKEN.',
    );
  }
  const headers = { authorization: `Bearer ${options.adminToken}`, 'content-type': 'application/json' };
  const request = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const answer = await fetch(new URL(path, options.url), request).catch((error: unknown) => {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return exit(`No server answers at ${options.url} (${cause}). Start it with: ${command} serve`);
  });
  const text = await answer.text();
  const json: unknown = text === '' ? undefined : JSON.parse(text);
  if (answer.ok) return json;
  return exit(`The server answered ${answer.status}: ${messageOf(json)}`);
}

export function print(answer: unknown): void {
  console.log(JSON.stringify(answer, null, 2));
}

function messageOf(json: unknown): string {
  return typeof json === 'object' && json !== null && 'message' in json
    ? String(json.message)
    : JSON.stringify(json);
}

function exit(message: string): never {
  console.error(`badged: ${message}`);
  process.exit(1);
}
