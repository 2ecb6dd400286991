/** A world whose service also listens, with live streams whose timings a test sets. It records every read of a snapshot. */
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { buildHttp } from '../../src/http/http.js';
import { SnapshotStreams, type StreamOptions } from '../../src/live/snapshot_streams.js';
import { setExternal } from '../../src/service/badges.js';
import { execute } from '../../src/service/operation.js';
import type { Store } from '../../src/store/port.js';
import { Reader } from './badge_stream_reader.js';
import { openWorld, storeWith, type World } from './world.js';

type Headers = Readonly<Record<string, string>>;

export class StreamWorld {
  readonly world: World;
  readonly streams: SnapshotStreams;
  readonly http: FastifyInstance;
  /** Of the requests that came, in order. */
  readonly responses: ServerResponse[] = [];
  /** Whose snapshot was read, once for each time. */
  readonly reads: string[];

  private constructor(world: World, reads: string[], options: StreamOptions) {
    this.world = world;
    this.reads = reads;
    this.streams = new SnapshotStreams(world.service, { coalesceMs: 10, heartbeatMs: 60_000, ...options });
    const parts = { service: world.service, adminTokenHash: new Uint8Array(32), streams: this.streams };
    this.http = buildHttp(parts);
    this.http.server.on('request', (_request, response) => this.responses.push(response));
  }

  /** With a user called ann, whose badge is 1. */
  static async listen(
    options: StreamOptions = {},
    around: (store: Store) => Store = (store) => store,
  ): Promise<StreamWorld> {
    const reads: string[] = [];
    const world = await openWorld({ around: (store) => counting(around(store), reads) });
    const listening = new StreamWorld(world, reads, options);
    await listening.http.listen({ host: '127.0.0.1', port: 0 });
    await listening.set('ann', 1);
    return listening;
  }

  get port(): number {
    const { port } = this.http.server.address() as AddressInfo;
    return port;
  }

  path(user: string, query = ''): string {
    return `/apps/${this.world.app}/users/${encodeURIComponent(user)}/badge${query}`;
  }

  /** Not read until its read() is called. */
  get(user: string, headers: Headers = {}, query = ''): Promise<Reader> {
    const defaults = { authorization: `Bearer ${this.world.token}`, accept: 'text/event-stream' };
    return Reader.request(this.port, this.path(user, query), { ...defaults, ...headers });
  }

  async open(user: string, headers: Headers = {}, query = ''): Promise<Reader> {
    return (await this.get(user, headers, query)).read();
  }

  set(user: string, count: number): Promise<void> {
    return execute(this.world.service, this.world.app, setExternal({ user, name: '', count }));
  }

  async close(): Promise<void> {
    this.http.server.closeAllConnections();
    await this.http.close();
    await this.world.close();
  }
}

function counting(store: Store, reads: string[]): Store {
  return storeWith(store, {
    ask: (app, query) => {
      const isBadge = query.type === 'badge' || query.type === 'explanation';
      if (isBadge && 'user' in query) reads.push(query.user);
      return store.ask(app, query);
    },
  });
}
