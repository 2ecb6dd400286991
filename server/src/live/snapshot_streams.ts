/**
 * All open streams of snapshots. Whoever's snapshot may have changed is looked at again, and nobody else; one
 * heart beats for all of them; what an app revoked or deleted ends at once where this process hears of it.
 */
import type { Service } from '../service/service.js';
import { type Sink, SnapshotStream, type Streamed } from './snapshot_stream.js';
import { UserWatches } from './user_watches.js';

export interface StreamOptions {
  readonly heartbeatMs?: number;
  /** How long changes are gathered before they are told. */
  readonly coalesceMs?: number;
  /** How long a reader may take nothing, before they are cut. */
  readonly stuckMs?: number;
}

export class SnapshotStreams {
  readonly #watches: UserWatches;
  readonly #stuckMs: number;
  readonly #open = new Set<SnapshotStream>();
  readonly #unsubscribe: () => void;
  readonly #heart: NodeJS.Timeout;
  #isClosed = false;

  constructor(service: Service, options: StreamOptions = {}) {
    const { heartbeatMs = 15_000, coalesceMs = 50, stuckMs = 30_000 } = options;
    this.#watches = new UserWatches(service, { coalesceMs });
    this.#stuckMs = stuckMs;
    this.#unsubscribe = service.oauth.changes.subscribe((app) => this.#review(app));
    this.#heart = setInterval(() => this.#beat(), heartbeatMs);
    this.#heart.unref();
  }

  get size(): number {
    return this.#open.size;
  }

  /** Answers what the sink's events go to: that it drained, and that it closed. */
  open(streamed: Streamed, sink: Sink): { readonly drained: () => void; readonly closed: () => void } {
    const stream = new SnapshotStream(streamed, sink, { stuckMs: this.#stuckMs });
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
    return this.#watches.watch(app, user, () => void stream.look());
  }

  #review(app: string): void {
    for (const stream of this.#open) if (stream.app === app) void stream.look();
  }

  #beat(): void {
    for (const stream of this.#open) void stream.heartbeat();
  }
}
