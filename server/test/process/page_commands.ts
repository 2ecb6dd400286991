/** Runs the commands of a page of the documentation as they stand, in their order. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { main, programEnvironment } from './server_process.js';

/** `npm run badged --` is the program, and a server is stopped as soon as it listens. */
const prelude = `
npm() {
  shift 3
  if [ "$1" != serve ]; then node "$PROGRAM" "$@"; return; fi
  coproc SERVER { exec node "$PROGRAM" "$@" --port 0; }
  local line pid=$SERVER_PID
  while read -r line <&"\${SERVER[0]}" && [[ $line != listening* ]]; do :; done
  echo "$line"
  kill $pid && wait $pid
}`;

/** The page's commands, one block after another. */
export function commandsOf(page: string): string {
  const text = readFileSync(new URL(`../../../docs/${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, script]) => script).join('\n');
}

/** Rejects with what was printed if one of them fails. */
export function runCommands(
  commands: string,
  directory: string,
  env: NodeJS.ProcessEnv = {},
): Promise<{ stdout: string; stderr: string }> {
  const options = { cwd: directory, env: programEnvironment({ PROGRAM: main, ...env }) };
  return promisify(execFile)('bash', ['--norc', '-euc', `${prelude}\n${commands}`], options);
}
