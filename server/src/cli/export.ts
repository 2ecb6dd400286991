/** The command `badged export`: all data into one file. */
import type { Command } from 'commander';
import { exportData } from '../offline.js';
import { command, databaseOption, dataDirOption } from './options.js';
import { type PlaceFlags, placeOf, reported, secretKeyOption } from './transfer_options.js';

export function addExportCommand(parent: Command): void {
  parent
    .command('export')
    .description('Write all data into one file: apps, tokens, settings, devices, counts, everything.')
    .argument('<file>', 'the file to write, such as badged.ndjson.gz; - for standard output')
    .addOption(dataDirOption())
    .addOption(databaseOption())
    .addOption(secretKeyOption())
    .addHelpText(
      'after',
      `
It may run beside a server: the file has everything as it was at one moment. It does not contain the secret key, which
${command} import needs to be the same for push credentials and user tokens to be of use. Store both safely.`,
    )
    .action((file: string, flags: PlaceFlags, self: Command) =>
      reported(async (onProgress) => {
        await exportData(placeOf(flags, self), file === '-' ? process.stdout : file, {
          ...flags,
          onProgress,
        });
        console.error(file === '-' ? 'exported everything' : `exported everything to ${file}`);
      }),
    );
}
