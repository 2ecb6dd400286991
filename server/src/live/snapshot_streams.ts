/**
 * All open streams of snapshots. Whoever's snapshot may have changed is looked at again, and nobody else; one
 * heart beats for all of them; what an app revoked or deleted ends at once where this process hears of it. How
 * many there can be is limited, for each user and in all.
 */
import { limits } from '@badged/core';
import type { Service } from '../service/service.js';
import { inTurns } from './in_turns.js';
import type { Round } from './snapshot.js';
import { type Sink, SnapshotStream, type Streamed } from './snapshot_stream.js';
import { UserWatches } from './user_watches.js';

export interface StreamOptions {
  readonly heartbeatMs?: number;
  /** How long changes are gathered before they are told. */
  readonly coalesceMs?: number;
  /** How long a reader may take nothing, before they are cut. */
  readonly stuckMs?: number;
  /** How many may be open at once: of one user, and in all. */
  readonly maxPerUser?: number;
  readonly maxInAll?: number;
}

export class SnapshotStreams {
  readonly #watches: UserWatches;
  readonly #stuckMs: number;
  readonly #maxPerUser: number;
  readonly #maxInAll: number;
  readonly #open = new Set<SnapshotStream>();
  readonly #unsubscribe: () => void;
  readonly #heart: NodeJS.Timeout;
  readonly #onEvent = () => {
    this.#events += 1;
  };
  #events = 0;
  #isClosed = false;

  constructor(service: Service, options: StreamOptions = {}) {
    const { heartbeatMs = 15_000, coalesceMs = 50, stuckMs = 30_000 } = options;
    const { maxPerUser = limits.streamsPerUser, maxInAll = limits.streamsPerProcess } = options;
    this.#watches = new UserWatches(service, { coalesceMs });
    this.#stuckMs = stuckMs;
    this.#maxPerUser = maxPerUser;
    this.#maxInAll = maxInAll;
    this.#unsubscribe = service.oauth.changes.subscribe((app) => this.#review(app));
    this.#heart = setInterval(() => this.#beat(), heartbeatMs);
    this.#heart.unref();
  }

  get size(): number {
    return this.#open.size;
  }

  /** How many events were ever sent. */
  get events(): number {
    return this.#events;
  }

  /** Why another stream of this user cannot be opened now; undefined if it can. */
  obstacle(app: string, user: string): 'too_many_of_user' | 'too_many_in_all' | undefined {
    if (this.#open.size >= this.#maxInAll) return 'too_many_in_all';
    return this.#watches.count(app, user) >= this.#maxPerUser ? 'too_many_of_user' : undefined;
  }

  /** Answers what the sink's events go to: that it drained, and that it closed. */
  open(streamed: Streamed, sink: Sink): { readonly drained: () => void; readonly closed: () => void } {
    const stream = new SnapshotStream(streamed, sink, { stuckMs: this.#stuckMs, onEvent: this.#onEvent });
    // What was accepted just before the closing began comes here just after it.
    const unwatch = this.#isClosed ? () => {} : this.#add(stream, streamed);
    if (this.#isClosed) stream.end();
    else void stream.look();
    return {
      drained: () => stream.drained(),
      closed: () => {
        stream.closed();
        unwatch();
        this.#open.delete(stream);
      },
    };
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#heart);
    this.#unsubscribe();
    for (const stream of this.#open) stream.end();
    this.#open.clear();
    this.#watches.close();
  }

  /** Watched before the first look: what changes in between is found by another one. */
  #add(stream: SnapshotStream, { app, user }: Streamed): () => void {
    this.#open.add(stream);
    return this.#watches.watch(app, user, (round) => void stream.look(round));
  }

  #review(app: string): void {
    const own = [...this.#open].filter((stream) => stream.app === app);
    const round: Round = new Map();
    void inTurns(own, (stream) => void stream.look(round));
  }

  #beat(): void {
    const round: Round = new Map();
    void inTurns(this.#open, (stream) => void stream.heartbeat(round));
  }
}
