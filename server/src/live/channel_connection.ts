/**
 * One open WebSocket of a channel: events of the topics that the channel is subscribed to, a heartbeat, and responses
 * to pings. Nothing is queued for a slow reader: a connection that falls behind is cut, and the client that reconnects
 * reads the listing, which is always right. channel_state.ts decides; this file reads and writes.
 */
import { type Channel, findChannel, topicOf } from '../service/channels.js';
import type { Service } from '../service/service.js';
import {
  type ChannelEffect,
  type ChannelEvent,
  type ChannelState,
  isSettled,
  nextChannelState,
} from './channel_state.js';
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

export interface ChannelConnectionDeps {
  readonly watches: UserWatches;
  readonly maxBufferedBytes: number;
}

const metadataTopic = 'channel.metadata';
/** Codes of RFC 6455, section 7.4.1, and of its registry. */
const policyViolation = 1008;
const tryAgainLater = 1013;

export class ChannelConnection {
  readonly #service: Service;
  readonly #channel: Channel;
  readonly #socket: Socket;
  readonly #deps: ChannelConnectionDeps;
  #state: ChannelState = 'unsubscribed';
  /** Of the current subscription. */
  #counts: EntityCounts;
  /** The result of the read that just ended. */
  #differences: readonly EntityCount[] = [];
  #unwatch = () => {};
  /** Called once all that was reported has been read. */
  #onSettled: (() => void)[] = [];

  constructor(service: Service, channel: Channel, socket: Socket, deps: ChannelConnectionDeps) {
    this.#service = service;
    this.#channel = channel;
    this.#socket = socket;
    this.#deps = deps;
    this.#counts = new EntityCounts(service, channel.app, channel.user);
    this.#subscribe(channel.topics);
  }

  get app(): string {
    return this.#channel.app;
  }

  get id(): string {
    return this.#channel.id;
  }

  /** A message from the client. Anything but a ping is ignored, as the vendor does. */
  receive(text: string): void {
    if (isPing(text)) this.#send({ topicName: metadataTopic, eventBody: { message: 'pong' } });
  }

  /** Also finds what no change reports: a mute that ended, and what another node revoked or subscribed. */
  async heartbeat(): Promise<void> {
    await this.review();
    this.#send({ topicName: metadataTopic, eventBody: { message: 'WebSocket Heartbeat' } });
    this.#handle('changed');
  }

  /**
   * Closes if the channel no longer exists, and takes over the topics it has now. Resolves once the counts of this
   * moment are read: from then on, the client is sent every change.
   */
  async review(): Promise<void> {
    const channel = await findChannel(this.#service, this.app, this.id).catch(() => this.#channel);
    if (channel === undefined) this.close(policyViolation, 'The channel expired, or its token was revoked.');
    else this.#subscribe(channel.topics);
    await this.#settled();
  }

  close(code: number, reason: string): void {
    if (this.#state !== 'closed') this.#socket.close(code, reason);
    this.#handle('closed');
  }

  /** The socket is gone. */
  disconnected(): void {
    this.#handle('closed');
  }

  #subscribe(topics: readonly string[]): void {
    this.#handle(topics.includes(topicOf(this.#channel.user)) ? 'subscribed' : 'unsubscribed');
  }

  #settled(): Promise<void> {
    if (isSettled(this.#state)) return Promise.resolve();
    return new Promise((resolve) => this.#onSettled.push(resolve));
  }

  #handle(event: ChannelEvent): void {
    const { next, effects } = nextChannelState(this.#state, event);
    this.#state = next;
    for (const effect of effects) this.#execute(effect);
    if (!isSettled(this.#state)) return;
    const waiting = this.#onSettled;
    this.#onSettled = [];
    for (const resolve of waiting) resolve();
  }

  #execute(effect: ChannelEffect): void {
    const { app, user } = this.#channel;
    switch (effect) {
      case 'watch':
        this.#unwatch = this.#deps.watches.watch(app, user, () => this.#handle('changed'));
        this.#counts = new EntityCounts(this.#service, app, user);
        break;
      case 'unwatch':
        this.#unwatch();
        break;
      case 'read':
        void this.#read();
        break;
      case 'write_differences':
        for (const each of this.#differences) this.#send(this.#event(each));
        break;
      case 'give_up':
        this.#socket.close(tryAgainLater, 'The counts could not be read. Connect again.');
        break;
    }
  }

  async #read(): Promise<void> {
    let event: ChannelEvent = 'read';
    try {
      this.#differences = await this.#counts.differences();
    } catch {
      // The store is out of reach, or the app is deleted.
      event = 'read_failed';
    }
    this.#handle(event);
    this.#differences = [];
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
    if (this.#state === 'closed') return;
    this.#socket.send(JSON.stringify(frame));
    if (this.#socket.bufferedAmount <= this.#deps.maxBufferedBytes) return;
    this.#handle('closed');
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
