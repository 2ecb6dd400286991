/** The command `badged replay`: its options, and the exit status. */

import {
  progressReporter,
  ReplayError,
  type ReplayOptions,
  replay,
  replayDefaults,
  summary,
} from '@badged/replay';
import { type Command, Option } from 'commander';
import { integer } from './options.js';

interface Flags extends Omit<ReplayOptions, 'appId'> {
  readonly app: string;
}

export function addReplayCommand(parent: Command): void {
  parent
    .command('replay')
    .description('Send a chat workload to a running server, as a backend would, and check every count.')
    .argument(
      '[file]',
      'lines of "seconds, conversation, sender" separated by tabs, plain or .gz; generated if absent',
    )
    .addOption(
      new Option(
        '--url <url>',
        'the URL of the running server; or those of several over one database, separated by commas',
      )
        .env('BADGED_URL')
        .default('http://127.0.0.1:8080'),
    )
    .requiredOption('--app <id>', 'an app that nothing else writes to')
    .addOption(new Option('--token <token>', 'a token of the app').env('BADGED_TOKEN').makeOptionMandatory())
    .addOption(new Option('--messages <n>', 'stop after this many messages').argParser(integer(1)))
    .addOption(
      new Option('--seed <n>', 'the seed of everything that is generated')
        .default(replayDefaults.seed)
        .argParser(integer(0, 0xffff_ffff)),
    )
    .addOption(
      new Option('--concurrency <n>', 'requests in flight')
        .default(replayDefaults.concurrency)
        .argParser(integer(1, 1_024)),
    )
    .addOption(
      new Option('--timeout <seconds>', 'fail if the server is unavailable for this long')
        .default(replayDefaults.timeoutSeconds)
        .argParser(integer(0)),
    )
    .option('--ledger <file>', 'record every operation with a 2xx response')
    .option('--resume', 'skip the operations that the ledger has')
    .addHelpText('after', '\nExits with 1 if any count differs.')
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
