/** Environment variables that no flag reads: most are misspelled, and have no effect. */

import { Command } from 'commander';
import { addServeCommand } from './serve.js';

/** Read by the program itself, and not by a flag. */
const others = ['BADGED_COMMAND', 'BADGED_DEMO', 'BADGED_URL', 'BADGED_TOKEN', 'BADGED_PROGRAM'];

/** A sentence for each. */
export function unknownVariables(environment: NodeJS.ProcessEnv): string[] {
  const parent = new Command();
  addServeCommand(parent);
  const known = new Set(others);
  for (const { options } of parent.commands) for (const { envVar } of options) known.add(envVar ?? '');
  return Object.keys(environment)
    .filter((name) => name.startsWith('BADGED_') && !known.has(name))
    .map((name) => `${name} is not a setting of badged. Check its spelling: badged serve --help`);
}
