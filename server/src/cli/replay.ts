/** badged replay: a chat workload, sent through the HTTP API of a running server, and every count compared. */

import { DEFAULTS, progressReporter, ReplayError, type ReplayOptions, replay, summary } from '@badged/replay';
import { type Command, Option } from 'commander';
import { integer } from './options.js';

interface Flags extends Omit<ReplayOptions, 'appId'> {
  readonly app: string;
}

export function addReplayCommand(parent: Command): void {
  parent
    .command('replay')
    .description(
      'Send a chat workload through the HTTP API as a backend would, and compare every count with its own.',
    )
    .argument(
      '[file]',
      'lines of "seconds, conversation, sender" separated by tabs, plain or .gz; made up if absent',
    )
    .addOption(
      new Option('--url <url>', 'the running server').env('BADGED_URL').default('http://127.0.0.1:8080'),
    )
    .requiredOption('--app <id>', 'an app of its own, with nothing else in it')
    .addOption(new Option('--token <token>', "the app's token").env('BADGED_TOKEN').makeOptionMandatory())
    .addOption(new Option('--messages <n>', 'stop after so many').argParser(integer(1)))
    .addOption(
      new Option('--seed <n>', 'for what is made up')
        .default(DEFAULTS.seed)
        .argParser(integer(0, 0xffff_ffff)),
    )
    .addOption(
      new Option('--concurrency <n>', 'requests under way at once')
        .default(DEFAULTS.concurrency)
        .argParser(integer(1, 1_024)),
    )
    .addOption(
      new Option('--patience <seconds>', 'how long the server may stay away')
        .default(DEFAULTS.patienceSeconds)
        .argParser(integer(0)),
    )
    .option('--ledger <file>', 'write down every operation that was answered')
    .option('--resume', 'leave out what the ledger has')
    .addHelpText('after', '\nExits 1 if any count differs.')
    .action(run);
}

async function run(file: string | undefined, { app, ...flags }: Flags): Promise<void> {
  try {
    const result = await replay({ ...flags, file, appId: app, onProgress: progressReporter(process.stderr) });
    for (const line of summary(result)) console.log(line);
    if (result.differenceCount > 0) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof ReplayError)) throw error;
    console.error(`badged: ${error.message}`);
    process.exitCode = 1;
  }
}
