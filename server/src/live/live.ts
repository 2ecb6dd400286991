/**
 * What is open to users and told of changes as they happen: the sockets of notification channels. One heart beats
 * for all of them; whatever is revoked closes at once.
 */

import type { Channel } from '../service/channels.js';
import type { Service } from '../service/service.js';
import { ChannelConnection, type Socket } from './channel_connection.js';
import { UserWatches } from './user_watches.js';

export interface LiveOptions {
  readonly heartbeatMs?: number;
  /** How long changes are gathered before they are told. */
  readonly coalesceMs?: number;
  /** What may wait for a slow reader, before they are cut. */
  readonly maxBufferedBytes?: number;
}

/** RFC 6455, section 7.4.1, and the first of the codes that are the application's own. */
const goingAway = 1001;
const replaced = 4000;

export class Live {
  readonly #service: Service;
  readonly #watches: UserWatches;
  readonly #maxBufferedBytes: number;
  /** By channel: each has one socket, the newest. */
  readonly #connections = new Map<string, ChannelConnection>();
  readonly #unsubscribe: () => void;
  readonly #heart: NodeJS.Timeout;

  constructor(service: Service, options: LiveOptions = {}) {
    const { heartbeatMs = 30_000, coalesceMs = 20, maxBufferedBytes = 1_048_576 } = options;
    this.#service = service;
    this.#watches = new UserWatches(service, { coalesceMs });
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#unsubscribe = service.oauth.changes.subscribe((app) => this.#review(app));
    this.#heart = setInterval(() => this.#beat(), heartbeatMs);
    this.#heart.unref();
  }

  /** Answers what the socket's messages go to. */
  connect(channel: Channel, socket: Socket): ChannelConnection {
    this.#connections.get(channel.id)?.close(replaced, 'Another connection of this channel took over.');
    const parts = { watches: this.#watches, maxBufferedBytes: this.#maxBufferedBytes };
    const connection = new ChannelConnection(this.#service, channel, socket, parts);
    this.#connections.set(channel.id, connection);
    return connection;
  }

  disconnected(connection: ChannelConnection): void {
    connection.closed();
    if (this.#connections.get(connection.id) === connection) this.#connections.delete(connection.id);
  }

  /** The channel's subscriptions changed. */
  async topicsChanged(channel: string): Promise<void> {
    await this.#connections.get(channel)?.review();
  }

  close(): void {
    clearInterval(this.#heart);
    this.#unsubscribe();
    for (const connection of this.#connections.values())
      connection.close(goingAway, 'The service is shutting down.');
    this.#connections.clear();
    this.#watches.close();
  }

  #review(app: string): void {
    for (const connection of this.#connections.values()) if (connection.app === app) void connection.review();
  }

  #beat(): void {
    for (const connection of this.#connections.values()) void connection.heartbeat();
  }
}
