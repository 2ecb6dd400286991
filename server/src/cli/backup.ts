/** The commands `badged backup` and `badged restore`: the database of a data directory, into a file and back. */
import type { Command } from 'commander';
import { backUpData, restoreData } from '../offline.js';
import { dataDirOption } from './options.js';
import { reported } from './transfer_options.js';
import { reportVerified } from './verify.js';

interface Flags {
  readonly dataDir: string;
}

export function addBackupCommands(parent: Command): void {
  parent
    .command('backup')
    .description('Copy the database of a data directory into one file, and check the copy.')
    .argument('<file>', 'the file to write, such as backup.db')
    .addOption(dataDirOption())
    .addHelpText(
      'after',
      `
It may run beside a server: the file has everything that was accepted before. It does not contain the secret key
(secret.key): store that apart. For PostgreSQL, use pg_dump or its own backups.`,
    )
    .action((file: string, { dataDir }: Flags, self: Command) =>
      reported(async (onProgress) => {
        refuseDatabase(self);
        await backUpData(dataDir, file, onProgress);
        console.error(`backed up ${dataDir} to ${file}`);
      }),
    );
  parent
    .command('restore')
    .description('Put a backup into an empty data directory, and verify it.')
    .argument('<file>', 'the file that `badged backup` wrote')
    .addOption(dataDirOption())
    .addHelpText('after', '\nPut secret.key into the directory as well. Exits with 1 if anything differs.')
    .action((file: string, { dataDir }: Flags) =>
      reported(async (onProgress) => reportVerified(await restoreData(file, dataDir, onProgress))),
    );
}

/** Whoever has the variable set has the data there, and would find out late that an old directory was backed up. */
function refuseDatabase(self: Command): void {
  if (process.env.DATABASE_URL === undefined || self.getOptionValueSource('dataDir') === 'cli') return;
  self.error(
    'error: DATABASE_URL is set. Back up PostgreSQL with pg_dump or `badged export`, or name a directory with --data-dir.',
  );
}
