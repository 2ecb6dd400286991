/**
 * The open sockets of notification channels. One timer sends all heartbeats; the socket of a channel that expired or
 * was revoked closes at once.
 */

import { type Channel, dependenciesOf } from '../service/channels.js';
import type { AccessChange } from '../service/oauth/access_changes.js';
import type { Service } from '../service/service.js';
import { AccessIndex } from './access_index.js';
import { ChannelConnection, type Socket } from './channel_connection.js';
import { fanOut } from './fan_out.js';
import { UserWatches } from './user_watches.js';

export interface LiveOptions {
  readonly heartbeatMs?: number;
  /** How long changes are gathered before events are sent. */
  readonly coalesceMs?: number;
  /** How much may wait for a slow reader before the connection is cut. */
  readonly maxBufferedBytes?: number;
}

/** RFC 6455, section 7.4.1; from 4000 on, codes are the application's own. */
const goingAway = 1001;
const replaced = 4000;

export class Live {
  readonly #service: Service;
  readonly #watches: UserWatches;
  readonly #maxBufferedBytes: number;
  /** By channel: each has one socket, the newest. */
  readonly #connections = new Map<string, ChannelConnection>();
  readonly #access = new AccessIndex<ChannelConnection>();
  readonly #removeAccess = new Map<ChannelConnection, () => void>();
  readonly #unsubscribe: () => void;
  readonly #heartbeat: NodeJS.Timeout;

  constructor(service: Service, options: LiveOptions = {}) {
    const { heartbeatMs = 30_000, coalesceMs = 20, maxBufferedBytes = 1_048_576 } = options;
    this.#service = service;
    this.#watches = new UserWatches(service, { coalesceMs });
    this.#maxBufferedBytes = maxBufferedBytes;
    this.#unsubscribe = service.oauth.changes.subscribe((change) => this.#review(change));
    this.#heartbeat = setInterval(() => this.#sendHeartbeats(), heartbeatMs);
    this.#heartbeat.unref();
  }

  /** The caller passes the socket's messages to the result. */
  connect(channel: Channel, socket: Socket): ChannelConnection {
    this.#connections.get(channel.id)?.close(replaced, 'Another connection of this channel took over.');
    const deps = { watches: this.#watches, maxBufferedBytes: this.#maxBufferedBytes };
    const connection = new ChannelConnection(this.#service, channel, socket, deps);
    this.#connections.set(channel.id, connection);
    this.#removeAccess.set(connection, this.#access.add(channel.app, dependenciesOf(channel), connection));
    return connection;
  }

  disconnected(connection: ChannelConnection): void {
    connection.disconnected();
    this.#removeAccess.get(connection)?.();
    this.#removeAccess.delete(connection);
    if (this.#connections.get(connection.id) === connection) this.#connections.delete(connection.id);
  }

  /** The channel's topics changed. Resolves once its connection, if it has one here, sends events of the new ones. */
  async topicsChanged(channel: string): Promise<void> {
    await this.#connections.get(channel)?.review();
  }

  close(): void {
    clearInterval(this.#heartbeat);
    this.#unsubscribe();
    for (const connection of this.#connections.values())
      connection.close(goingAway, 'The service is shutting down.');
    this.#connections.clear();
    this.#watches.close();
  }

  #review(change: AccessChange): void {
    void fanOut(change.app, this.#access.concerned(change), (connection) => void connection.review());
  }

  #sendHeartbeats(): void {
    void fanOut('', this.#connections.values(), (connection) => void connection.heartbeat());
  }
}
