/**
 * All open streams of snapshots. A change refreshes the streams of the users whom it may concern and no others; one
 * timer sends all heartbeats; streams of a revoked token or a deleted app end as soon as this process is notified. The
 * number of open streams is limited, for each user and in total.
 */
import { limits } from '@badged/core';
import type { AccessChange } from '../service/oauth/access_changes.js';
import type { Service } from '../service/service.js';
import { AccessIndex } from './access_index.js';
import { fanOut } from './fan_out.js';
import type { SharedReads } from './snapshot.js';
import { type Sink, SnapshotStream, type StreamSource } from './snapshot_stream.js';
import { UserWatches } from './user_watches.js';

export interface StreamOptions {
  readonly heartbeatMs?: number;
  /** How long changes are gathered before streams are refreshed. */
  readonly coalesceMs?: number;
  /** How long a reader may take nothing before the connection is cut. */
  readonly stuckMs?: number;
  /** How many may be open at once: of one user, and in total. */
  readonly maxPerUser?: number;
  readonly maxInAll?: number;
}

export class SnapshotStreams {
  readonly #watches: UserWatches;
  readonly #stuckMs: number;
  readonly #maxPerUser: number;
  readonly #maxInAll: number;
  readonly #open = new Set<SnapshotStream>();
  readonly #access = new AccessIndex<SnapshotStream>();
  readonly #unsubscribe: () => void;
  readonly #heartbeat: NodeJS.Timeout;
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
    this.#unsubscribe = service.oauth.changes.subscribe((change) => this.#review(change));
    this.#heartbeat = setInterval(() => this.#sendHeartbeats(), heartbeatMs);
    this.#heartbeat.unref();
  }

  get size(): number {
    return this.#open.size;
  }

  /** Events sent since the process started. */
  get events(): number {
    return this.#events;
  }

  /** Why another stream of this user cannot be opened now; undefined if it can. */
  obstacle(app: string, user: string): 'too_many_of_user' | 'too_many_in_all' | undefined {
    if (this.#open.size >= this.#maxInAll) return 'too_many_in_all';
    return this.#watches.count(app, user) >= this.#maxPerUser ? 'too_many_of_user' : undefined;
  }

  /** The caller reports through the result that the sink drained, and that it closed. */
  open(source: StreamSource, sink: Sink): { readonly drained: () => void; readonly closed: () => void } {
    const stream = new SnapshotStream(source, sink, { stuckMs: this.#stuckMs, onEvent: this.#onEvent });
    // A request that was accepted just before the closing began arrives here after it.
    const remove = this.#isClosed ? () => {} : this.#add(stream, source);
    if (this.#isClosed) stream.end();
    else stream.refresh();
    return {
      drained: () => stream.drained(),
      closed: () => {
        stream.disconnected();
        remove();
      },
    };
  }

  close(): void {
    this.#isClosed = true;
    clearInterval(this.#heartbeat);
    this.#unsubscribe();
    for (const stream of this.#open) stream.end();
    this.#open.clear();
    this.#watches.close();
  }

  /** Watched before the first read: a change in between causes another one. */
  #add(stream: SnapshotStream, { app, user, dependencies }: StreamSource): () => void {
    this.#open.add(stream);
    const removeAccess = this.#access.add(app, dependencies, stream);
    const unwatch = this.#watches.watch(app, user, (shared) => stream.refresh(shared));
    return () => {
      unwatch();
      removeAccess();
      this.#open.delete(stream);
    };
  }

  #review(change: AccessChange): void {
    const shared: SharedReads = new Map();
    void fanOut(change.app, this.#access.concerned(change), (stream) => stream.refresh(shared));
  }

  #sendHeartbeats(): void {
    const shared: SharedReads = new Map();
    void fanOut('', this.#open, (stream) => stream.heartbeat(shared));
  }
}
