/** The command `badged verify`: recounts everything from the journal, and compares it with what the server would show. */
import type { Command } from 'commander';
import {
  ClusterDatabaseError,
  DataDirectoryError,
  type VerifyResult,
  verifyDatabase,
  verifyDirectory,
} from '../offline.js';
import { databaseOption, dataDirOption } from './options.js';

export function addVerifyCommand(parent: Command): void {
  parent
    .command('verify')
    .description(
      'Recount all unread messages by brute force, from the messages and receipts, and report differences.',
    )
    .addOption(dataDirOption())
    .addOption(databaseOption())
    .addHelpText('after', '\nIt only reads, and may run beside a server. Exits with 1 if anything differs.')
    .action(async ({ dataDir, databaseUrl }: { dataDir: string; databaseUrl?: string }) => {
      const progress = (rows: number, of: number) => {
        if (process.stderr.isTTY) process.stderr.write(`\rrecounting: ${rows} of ${of} journal rows`);
      };
      try {
        reportVerified(
          await (databaseUrl === undefined
            ? verifyDirectory(dataDir, progress)
            : verifyDatabase(databaseUrl, progress)),
        );
      } catch (error) {
        if (!(error instanceof DataDirectoryError || error instanceof ClusterDatabaseError)) throw error;
        console.error(`badged: ${error.message}`);
        process.exitCode = 1;
      }
    });
}

export function reportVerified(result: VerifyResult): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const { apps, users, participations, messages, journalRows, droppedRows } = result;
  console.log(
    `recounted ${messages} messages, ${participations} participations and ${users} users ` +
      `of ${apps} apps from ${journalRows} journal rows`,
  );
  if (droppedRows > 0)
    console.log(`${droppedRows} older rows are not kept: what they came to was taken over, not recounted`);
  for (const difference of result.differences) console.log(`DIFFERENT  ${difference}`);
  console.log(result.differenceCount === 0 ? 'no difference' : `${result.differenceCount} differences`);
  if (result.differenceCount > 0) process.exitCode = 1;
}
