/** Calls the admin API of a running server, for the commands that need it. */
import { type Command, Option } from 'commander';
import { command } from './options.js';

export interface AdminOptions {
  readonly url: string;
  readonly adminToken?: string;
}

export function withAdminOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--url <url>', 'the URL of the running server')
        .env('BADGED_URL')
        .default('http://127.0.0.1:8080'),
    )
    .addOption(
      new Option('--admin-token <token>', 'the admin token, which the first start printed').env(
        'BADGED_ADMIN_TOKEN',
      ),
    );
}

/** Returns the JSON of the response, if it has any. On an error, prints a sentence and exits with status 1. */
export async function callAdmin(
  options: AdminOptions,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  if (options.adminToken === undefined) {
    return exit(
      'The admin token is missing. Set --admin-token or BADGED_ADMIN_TOKEN to the one that the first start printed.',
    );
  }
  const headers = { authorization: `Bearer ${options.adminToken}`, 'content-type': 'application/json' };
  const request = { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) };
  const response = await fetch(new URL(path, options.url), request).catch((error: unknown) => {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    return exit(`No server responds at ${options.url} (${cause}). Start one with: ${command} serve`);
  });
  const text = await response.text();
  const json: unknown = text === '' ? undefined : JSON.parse(text);
  if (response.ok) return json;
  return exit(`The server responded with ${response.status}: ${messageOf(json)}`);
}

export function print(response: unknown): void {
  console.log(JSON.stringify(response, null, 2));
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
