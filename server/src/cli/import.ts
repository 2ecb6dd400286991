/** The command `badged import`: all data from a file that `badged export` wrote. */
import type { Command } from 'commander';
import { importData } from '../offline.js';
import { databaseOption, dataDirOption } from './options.js';
import { type PlaceFlags, placeOf, reported, reportImport, secretKeyOption } from './transfer_options.js';

export function addImportCommand(parent: Command): void {
  parent
    .command('import')
    .description('Read all data from a file that `badged export` wrote, and verify it.')
    .argument('<file>', 'the file to read; - for standard input')
    .addOption(dataDirOption())
    .addOption(databaseOption())
    .addOption(secretKeyOption())
    .addHelpText(
      'after',
      `
The data directory or the database must be empty. If the import is cut off, run it again: it goes on where it stopped.
No server starts on the data before it is complete. Exits with 1 if anything differs.`,
    )
    .action((file: string, flags: PlaceFlags, self: Command) =>
      reported(async (onProgress, onResume) => {
        const from = file === '-' ? process.stdin : file;
        reportImport(await importData(from, placeOf(flags, self), { ...flags, onProgress, onResume }));
      }),
    );
}
