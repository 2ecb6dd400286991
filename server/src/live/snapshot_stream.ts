/**
 * One open stream of snapshots, as Server-Sent Events (WHATWG HTML, section 9.2): the truth as it is now, then as
 * it is after each change. Nothing is queued: a reader who falls behind gets the newest snapshot once they can
 * take one, and one who takes nothing for too long is cut.
 */

import type { Round, Snapshot } from './snapshot.js';

/** As much of a response as is needed here. */
export interface Sink {
  /** What was written before has not been taken yet. */
  readonly isFull: boolean;
  write(text: string): void;
  end(): void;
  destroy(): void;
}

/** What is streamed, and to whom. */
export interface Streamed {
  readonly app: string;
  readonly user: string;
  /** The name of the events. */
  readonly event: string;
  /** The snapshot that the reader has already. */
  readonly lastEventId: string | undefined;
  /** The same for streams of the same snapshots. */
  readonly key: string;
  snapshot(): Promise<Snapshot>;
  /** Whether the token that opened the stream is still good for it. */
  isAllowed(): Promise<boolean>;
}

/** How long a reader waits before they come back, unless they know better. */
const retryMs = 3_000;

export class SnapshotStream {
  readonly #streamed: Streamed;
  readonly #sink: Sink;
  readonly #stuckMs: number;
  readonly #onEvent: () => void;
  #lastId: string | undefined;
  #looking: Promise<void> | undefined;
  #isStale = false;
  /** Of the newest change: undefined reads for this stream alone. */
  #round: Round | undefined;
  #isClosed = false;
  #stuck: NodeJS.Timeout | undefined;

  constructor(
    streamed: Streamed,
    sink: Sink,
    { stuckMs, onEvent }: { readonly stuckMs: number; readonly onEvent: () => void },
  ) {
    this.#streamed = streamed;
    this.#sink = sink;
    this.#stuckMs = stuckMs;
    this.#onEvent = onEvent;
    this.#lastId = streamed.lastEventId;
    this.#write(`retry: ${retryMs}\n\n`);
  }

  get app(): string {
    return this.#streamed.app;
  }

  /** One look at a time; what changes meanwhile is found by another one after it. */
  look(round?: Round): Promise<void> {
    this.#isStale = true;
    this.#round = round;
    this.#looking ??= this.#lookWhileStale()
      // The store is out of reach: the next change or heartbeat looks again.
      .catch(() => {})
      .finally(() => {
        this.#looking = undefined;
        // Something may have changed after the last look, but before this was heard of.
        return this.#isStale && this.#isWritable() ? this.look() : undefined;
      });
    return this.#looking;
  }

  /** Also finds what no change tells of: a muting that ended, a token that expired or was revoked. */
  async heartbeat(round?: Round): Promise<void> {
    if (this.#isWritable()) this.#write(':\n\n');
    await this.look(round);
  }

  /** The reader took everything. */
  drained(): void {
    clearTimeout(this.#stuck);
    this.#stuck = undefined;
    if (this.#isStale) void this.look();
  }

  /** An end that the reader sees as one, where they still read. */
  end(): void {
    if (this.#isClosed) return;
    const { isFull } = this.#sink;
    this.closed();
    if (isFull) this.#sink.destroy();
    else this.#sink.end();
  }

  /** The reader is gone. */
  closed(): void {
    this.#isClosed = true;
    clearTimeout(this.#stuck);
  }

  async #lookWhileStale(): Promise<void> {
    while (this.#isStale && !this.#isClosed) {
      this.#isStale = false;
      if (!(await this.#streamed.isAllowed())) return this.end();
      if (!this.#isWritable()) {
        // Nothing is kept for later: the newest is read once there is room for it.
        this.#isStale = true;
        return;
      }
      const { id, data } = await this.#read();
      if (this.#isClosed || id === this.#lastId) continue;
      this.#lastId = id;
      this.#write(`event: ${this.#streamed.event}\nid: ${id}\ndata: ${data}\n\n`);
      this.#onEvent();
    }
  }

  /** Once in a round, however many tabs of the user listen. */
  #read(): Promise<Snapshot> {
    const round = this.#round;
    this.#round = undefined;
    const read = round?.get(this.#streamed.key) ?? this.#streamed.snapshot();
    round?.set(this.#streamed.key, read);
    return read;
  }

  #write(text: string): void {
    this.#sink.write(text);
    this.#isWritable();
  }

  /** A reader who takes nothing has until then to take it all. */
  #isWritable(): boolean {
    if (this.#isClosed) return false;
    if (!this.#sink.isFull) return true;
    this.#stuck ??= setTimeout(() => {
      this.closed();
      this.#sink.destroy();
    }, this.#stuckMs).unref();
    return false;
  }
}
