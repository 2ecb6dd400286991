/** The flags of a server over PostgreSQL: when it removes apps from memory, and whether servers notify each other. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Config } from '../compose.js';
import { integer } from './options.js';

export interface DatabaseFlags {
  /** In seconds. */
  readonly appIdleTimeout?: number;
  /** In bytes. */
  readonly memoryBudget?: number;
  readonly databaseNotify?: 'on' | 'off';
}

export function withDatabaseFlags(command: Command): Command {
  return command
    .addOption(
      new Option(
        '--app-idle-timeout <seconds>',
        'with a database: how long an app stays in memory after its last request (default: 900)',
      )
        .env('BADGED_APP_IDLE_TIMEOUT')
        .argParser(integer(1, 31_536_000)),
    )
    .addOption(
      new Option(
        '--database-notify <on|off>',
        'with a database: whether servers notify each other of changes with LISTEN and NOTIFY. off for PgBouncer in ' +
          'transaction mode, and for databases without them: servers poll in any case (default: on)',
      )
        .env('BADGED_DATABASE_NOTIFY')
        .choices(['on', 'off']),
    )
    .addOption(
      new Option(
        '--memory-budget <size>',
        'how much memory the apps may take, such as 4GiB. With a database, those that were not used for longest are ' +
          'removed beyond it. With a data directory, what takes more is refused (default: half of the memory)',
      )
        .env('BADGED_MEMORY_BUDGET')
        .argParser(size),
    );
}

export function databaseConfig(flags: DatabaseFlags): Pick<Config, 'memory' | 'sendsHints'> {
  const { appIdleTimeout, memoryBudget, databaseNotify } = flags;
  return {
    memory: {
      ...(appIdleTimeout !== undefined && { appIdleMs: appIdleTimeout * 1000 }),
      ...(memoryBudget !== undefined && { budget: memoryBudget }),
    },
    sendsHints: databaseNotify !== 'off',
  };
}

const units = new Map([
  ['KiB', 2 ** 10],
  ['MiB', 2 ** 20],
  ['GiB', 2 ** 30],
  ['TiB', 2 ** 40],
]);

/** In bytes. */
export function size(text: string): number {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?) ?([KMGT]iB)$/.exec(text.trim()) ?? [];
  const bytes = Number(number) * (units.get(unit) ?? Number.NaN);
  if (bytes > 0) return Math.round(bytes);
  throw new InvalidArgumentError('It must be a size with a unit, such as 512MiB or 4GiB.');
}
