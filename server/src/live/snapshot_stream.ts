/**
 * One open stream of snapshots, as Server-Sent Events (WHATWG HTML, section 9.2): the current snapshot, then a new one
 * after each change. Nothing is queued: a reader who falls behind gets the newest snapshot once there is room for it,
 * and a reader who takes nothing for too long is cut. stream_state.ts decides; this file reads and writes.
 */
import type { AccessDependency } from '../service/oauth/access_changes.js';
import type { SharedReads, Snapshot } from './snapshot.js';
import { nextStreamState, type StreamEffect, type StreamEvent, type StreamState } from './stream_state.js';

/** As much of a response as is needed here. */
export interface Sink {
  /** The reader has not taken all that was written. */
  readonly isFull: boolean;
  write(text: string): void;
  end(): void;
  destroy(): void;
}

/** What is streamed, and to whom. */
export interface StreamSource {
  readonly app: string;
  readonly user: string;
  /** What the access of the reader depends on. */
  readonly dependencies: readonly AccessDependency[];
  /** The name of the events. */
  readonly event: string;
  /** The id of the snapshot that the reader has already. */
  readonly lastEventId: string | undefined;
  /** The same for streams of the same snapshots. */
  readonly key: string;
  snapshot(): Promise<Snapshot>;
  /** Whether the token that opened the stream is still authorized for it. */
  isAuthorized(): Promise<boolean>;
}

/** How long a reader waits before reconnecting, by default. */
const retryMs = 3_000;

export class SnapshotStream {
  readonly #source: StreamSource;
  readonly #sink: Sink;
  readonly #stuckMs: number;
  readonly #onEvent: () => void;
  #state: StreamState = 'idle';
  #lastId: string | undefined;
  /** The result of the read that just ended. */
  #snapshot: Snapshot | undefined;
  /** Of the newest change. Undefined: read for this stream alone. */
  #shared: SharedReads | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    source: StreamSource,
    sink: Sink,
    { stuckMs, onEvent }: { readonly stuckMs: number; readonly onEvent: () => void },
  ) {
    this.#source = source;
    this.#sink = sink;
    this.#stuckMs = stuckMs;
    this.#onEvent = onEvent;
    this.#lastId = source.lastEventId;
    sink.write(`retry: ${retryMs}\n\n`);
  }

  /** Something may have changed: the snapshot is read, and sent if the reader does not have it. */
  refresh(shared?: SharedReads): void {
    this.#shared = shared;
    this.#handle('changed');
  }

  /** Also finds what no change reports: a mute that ended, a token that expired or was revoked on another node. */
  heartbeat(shared?: SharedReads): void {
    this.#shared = shared;
    this.#handle('heartbeat');
  }

  /** The reader took everything. */
  drained(): void {
    // What was shared with other streams was read before, and may be outdated.
    this.#shared = undefined;
    this.#handle('drained');
  }

  /** Ends the stream. */
  end(): void {
    this.#handle('ended');
  }

  /** The connection is gone. */
  disconnected(): void {
    this.#handle('disconnected');
  }

  #handle(event: StreamEvent): void {
    // A full sink is seen before the event is handled, so that nothing more is written to it.
    if (event !== 'drained' && this.#sink.isFull) this.#step('filled');
    this.#step(event);
  }

  #step(event: StreamEvent): void {
    const { next, effects } = nextStreamState(this.#state, event);
    this.#state = next;
    for (const effect of effects) this.#execute(effect);
  }

  #execute(effect: StreamEffect): void {
    switch (effect) {
      case 'read':
        void this.#ifAuthorized(async () => {
          this.#snapshot = await this.#readSnapshot();
          return 'read';
        });
        break;
      case 'check':
        void this.#ifAuthorized(async () => 'checked');
        break;
      case 'write_snapshot':
        this.#writeSnapshot();
        break;
      case 'write_heartbeat':
        this.#write(':\n\n');
        break;
      case 'start_timer':
        this.#timer = setTimeout(() => this.#step('timed_out'), this.#stuckMs).unref();
        break;
      case 'stop_timer':
        clearTimeout(this.#timer);
        break;
      case 'end':
        this.#sink.end();
        break;
      case 'cut':
        this.#sink.destroy();
        break;
    }
  }

  async #ifAuthorized(read: () => Promise<StreamEvent>): Promise<void> {
    const event = await this.#source
      .isAuthorized()
      .then((isAuthorized) => (isAuthorized ? read() : 'unauthorized'))
      .catch((): StreamEvent => 'read_failed');
    this.#handle(event);
    this.#snapshot = undefined;
  }

  /** Read once for all streams that share it, such as the tabs of a user. */
  #readSnapshot(): Promise<Snapshot> {
    const shared = this.#shared;
    this.#shared = undefined;
    const read = shared?.get(this.#source.key) ?? this.#source.snapshot();
    shared?.set(this.#source.key, read);
    return read;
  }

  #writeSnapshot(): void {
    if (this.#snapshot === undefined || this.#snapshot.id === this.#lastId) return;
    const { id, data } = this.#snapshot;
    this.#lastId = id;
    this.#write(`event: ${this.#source.event}\nid: ${id}\ndata: ${data}\n\n`);
    this.#onEvent();
  }

  #write(text: string): void {
    this.#sink.write(text);
    if (this.#sink.isFull) this.#step('filled');
  }
}
