/**
 * One open WebSocket of a channel: events of the topics that the channel subscribes to, a heartbeat, and answers
 * to pings. What its reader does not take is not kept for them: a connection that falls behind is cut, and the
 * client that comes back asks for the listing, which is always right.
 */

import { type Channel, findChannel, topicOf } from '../service/channels.js';
import type { Service } from '../service/service.js';
import { type EntityCount, EntityCounts } from './entity_counts.js';
import type { UserWatches } from './user_watches.js';

/** As much of a WebSocket as is needed here. */
export interface Socket {
  /** Bytes that the network has not taken yet. */
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code: number, reason: string): void;
  terminate(): void;
}

const metadataTopic = 'channel.metadata';
/** RFC 6455, section 7.4.1. */
const policyViolation = 1008;

export class ChannelConnection {
  readonly #service: Service;
  readonly #channel: Channel;
  readonly #socket: Socket;
  readonly #watches: UserWatches;
  readonly #maxBufferedBytes: number;
  #counts: EntityCounts | undefined;
  #unwatch = () => {};
  #looking: Promise<void> | undefined;
  #isStale = false;
  #isClosed = false;

  constructor(
    service: Service,
    channel: Channel,
    socket: Socket,
    { watches, maxBufferedBytes }: { readonly watches: UserWatches; readonly maxBufferedBytes: number },
  ) {
    this.#service = service;
    this.#channel = channel;
    this.#socket = socket;
    this.#watches = watches;
    this.#maxBufferedBytes = maxBufferedBytes;
    void this.#subscribe(channel.topics);
  }

  get app(): string {
    return this.#channel.app;
  }

  get id(): string {
    return this.#channel.id;
  }

  /** A message from the client. What is no ping is passed over, as the vendor does. */
  receive(text: string): void {
    if (isPing(text)) this.#send({ topicName: metadataTopic, eventBody: { message: 'pong' } });
  }

  /** Also finds what no change tells of: a muting that ended, and what another node revoked or subscribed. */
  async heartbeat(): Promise<void> {
    await this.review();
    this.#send({ topicName: metadataTopic, eventBody: { message: 'WebSocket Heartbeat' } });
    await this.#look();
  }

  /** Closes if the channel is no more, and takes over the topics it has now. */
  async review(): Promise<void> {
    const channel = await findChannel(this.#service, this.app, this.id).catch(() => this.#channel);
    if (channel === undefined) this.close(policyViolation, 'The channel expired, or its token was revoked.');
    else await this.#subscribe(channel.topics);
  }

  close(code: number, reason: string): void {
    if (!this.#isClosed) this.#socket.close(code, reason);
    this.closed();
  }

  /** The socket is gone. */
  closed(): void {
    this.#isClosed = true;
    void this.#subscribe([]);
  }

  /** Back when what was unread at this moment is known: from here on, every change is told. */
  async #subscribe(topics: readonly string[]): Promise<void> {
    const { app, user } = this.#channel;
    const wanted = !this.#isClosed && topics.includes(topicOf(user));
    if (wanted === (this.#counts !== undefined)) return;
    this.#unwatch();
    this.#unwatch = wanted ? this.#watches.watch(app, user, () => void this.#look()) : () => {};
    this.#counts = wanted ? new EntityCounts(this.#service, app, user) : undefined;
    await this.#look();
  }

  /** One look at a time; what changes meanwhile is found by another one after it. */
  #look(): Promise<void> {
    this.#isStale = true;
    this.#looking ??= this.#lookWhileStale()
      // The store is out of reach, or the app is gone: the next change or heartbeat looks again.
      .catch(() => {})
      .finally(() => {
        this.#looking = undefined;
        // Something may have changed after the last look, but before this was heard of.
        return this.#isStale && this.#counts !== undefined ? this.#look() : undefined;
      });
    return this.#looking;
  }

  async #lookWhileStale(): Promise<void> {
    while (this.#isStale && this.#counts !== undefined) {
      this.#isStale = false;
      const counts = this.#counts;
      const differences = await counts.differences();
      if (counts === this.#counts) for (const each of differences) this.#send(this.#event(each));
    }
  }

  #event({ jabberId, unreadCount, newestUnreadAt }: EntityCount) {
    return {
      topicName: topicOf(this.#channel.user),
      version: '2',
      eventBody: {
        entity: { jabberId },
        unreadCount,
        lastUnreadNotificationDate: new Date(newestUnreadAt).toISOString(),
      },
      metadata: { CorrelationId: this.#service.newId() },
    };
  }

  #send(frame: object): void {
    if (this.#isClosed) return;
    this.#socket.send(JSON.stringify(frame));
    if (this.#socket.bufferedAmount <= this.#maxBufferedBytes) return;
    this.closed();
    this.#socket.terminate();
  }
}

function isPing(text: string): boolean {
  try {
    const frame: unknown = JSON.parse(text);
    return typeof frame === 'object' && frame !== null && 'message' in frame && frame.message === 'ping';
  } catch {
    return false;
  }
}
