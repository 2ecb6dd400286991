/**
 * A piece of a chat workload on a running server: conversations, joins, messages with ids of the sender's choice, mark all read,
 * receipts and deletions, mixed as a chat server's are. Its counts are compared afterwards, and that time is not measured.
 */
import { replay, replayDefaults } from '@badged/replay';

/** Some nine thousand requests: a second or two. */
const messages = 5_000;

export interface Piece {
  readonly url: string;
  /** A new app, and its token. */
  readonly app: string;
  readonly token: string;
  /** A recorded workload; if undefined, one is generated. */
  readonly file: string | undefined;
  readonly clients: number;
  /** Other reads and deletions with each seed; if no file is given, other messages as well. */
  readonly seed: number;
  /** The CPU time of the server so far. */
  readonly cpuMs: () => number;
}

export interface PieceResult {
  readonly operations: number;
  readonly seconds: number;
  /** CPU time of the server while the operations were sent. */
  readonly cpuMs: number;
}

/** Throws if the server's counts differ from the replay's own. */
export async function replayPiece({
  url,
  app,
  token,
  file,
  clients,
  seed,
  cpuMs,
}: Piece): Promise<PieceResult> {
  let before = Number.NaN;
  let sent = Number.NaN;
  const { operations, seconds, differenceCount } = await replay({
    ...{ url, appId: app, token, file, seed, messages },
    concurrency: clients,
    timeout: replayDefaults.timeoutSeconds,
    onProgress: (event) => {
      if (event.type !== 'progress') return;
      if (event.phase === 'planning') before = cpuMs();
      else if (event.phase === 'sending') sent = cpuMs();
    },
  });
  if (differenceCount > 0) throw new Error(`${differenceCount} counts differ after the workload`);
  return { operations, seconds, cpuMs: sent - before };
}
