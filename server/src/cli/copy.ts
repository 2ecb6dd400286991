/** The command `badged copy`: all data from a data directory into a database, or back, without a file in between. */
import { type Command, Option } from 'commander';
import { copyData, type Place } from '../offline.js';
import { databaseUrl } from './options.js';
import { reported, reportImport, secretKeyOption } from './transfer_options.js';

interface CopyFlags {
  readonly from: Place;
  readonly to: Place;
  readonly secretKey?: string;
}

export function addCopyCommand(parent: Command): void {
  parent
    .command('copy')
    .description('Copy all data from a data directory to PostgreSQL, or back, and verify it.')
    .addOption(
      new Option(
        '--from <place>',
        'a data directory, or a URL such as postgres://user:password@host:5432/badged',
      )
        .argParser(place)
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--to <place>', 'the same; it must be empty').argParser(place).makeOptionMandatory(),
    )
    .addOption(secretKeyOption())
    .addHelpText(
      'after',
      `
Stop the servers first: what they accept after the copy began is not in it. If the copy is cut off, run it again: it goes
on where it stopped. Exits with 1 if anything differs.`,
    )
    .action(({ from, to, ...flags }: CopyFlags) =>
      reported(async (onProgress, onResume) => {
        reportImport(await copyData(from, to, { ...flags, onProgress, onResume }));
      }),
    );
}

function place(text: string): Place {
  return /^[a-z]+:\/\//.test(text)
    ? { kind: 'database', url: databaseUrl(text) }
    : { kind: 'directory', path: text };
}
