/** What the commands that move data share: flags, progress, and how they end. */
import { type Command, Option } from 'commander';
import {
  ClusterDatabaseError,
  DataDirectoryError,
  type Imported,
  type OnProgress,
  type Place,
  SecretKeyError,
  TransferError,
} from '../offline.js';
import { progressReporter } from './transfer_progress.js';
import { reportVerified } from './verify.js';

export interface PlaceFlags {
  readonly dataDir: string;
  readonly databaseUrl?: string;
  readonly secretKey?: string;
}

/** A --data-dir on the command line goes before a DATABASE_URL of the environment. */
export function placeOf({ dataDir, databaseUrl }: PlaceFlags, command: Command): Place {
  const isNamed = (flag: string) => command.getOptionValueSource(flag) === 'cli';
  if (isNamed('dataDir') && isNamed('databaseUrl'))
    command.error('error: Set either --data-dir or --database-url.');
  return databaseUrl === undefined || isNamed('dataDir')
    ? { kind: 'directory', path: dataDir }
    : { kind: 'database', url: databaseUrl };
}

export function secretKeyOption(): Option {
  return new Option(
    '--secret-key <key>',
    'the secret key of the servers, to say whether it is the one of the data ' +
      '(default: secret.key in the data directory)',
  ).env('BADGED_SECRET_KEY');
}

/** Runs the work with its progress on standard error. An error that the user can act on is one sentence. */
export async function reported(
  work: (onProgress: OnProgress, onResume: (lines: number) => void) => Promise<unknown>,
): Promise<void> {
  const reporter = progressReporter(process.stderr);
  try {
    await work(reporter.onProgress, (lines) =>
      reporter.note(`going on after line ${lines}, where it stopped`),
    );
  } catch (error) {
    const errors = [TransferError, DataDirectoryError, ClusterDatabaseError, SecretKeyError];
    if (!(error instanceof Error) || !errors.some((type) => error instanceof type)) throw error;
    reporter.note(`badged: ${error.message}`);
    process.exitCode = 1;
  }
}

export function reportImport({ secretKey, verified }: Imported): void {
  reportVerified(verified);
  const sentence = keySentences[secretKey];
  if (sentence !== undefined) console.error(`badged: ${sentence}`);
}

const keySentences: Readonly<Record<Imported['secretKey'], string | undefined>> = {
  same: undefined,
  unknown:
    'The export did not know the secret key. Start the servers with the one from before: another cannot read the push ' +
    'credentials, and user tokens are not valid with it.',
  missing:
    'Start the servers with the secret key from before: copy its secret.key into the data directory, or set ' +
    'BADGED_SECRET_KEY. Another key cannot read the push credentials, and user tokens are not valid with it.',
  different:
    'WARNING: the secret key here is not the one of the data. It cannot read the push credentials, and user tokens are not ' +
    'valid with it. Before a server starts, set BADGED_SECRET_KEY to the one from before, or put it into secret.key.',
};
