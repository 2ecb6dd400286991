/**
 * One stream for all tabs of an origin. The tab that holds a lock (Web Locks) has the stream and emits each badge to the
 * others (BroadcastChannel); when it closes or is put to sleep, the lock passes to a tab that waits for it. No lock is
 * ever stolen: a visible tab that gets no response, because the tab with the stream was put to sleep without an event,
 * reads a stream of its own until it gets one. Where the browser lacks either interface, every tab has its own.
 * shared_connection_state.ts decides; this file executes.
 */
import { fullJitter } from '../sse/waiting.js';
import type { Snapshot } from './badge.js';
import { BadgeConnection, type ConnectionListener, type Endpoint, type Refusal } from './badge_connection.js';
import type { ConnectionState } from './connection_state.js';
import { isVisible } from './page_lifecycle.js';
import {
  nextSharedState,
  type SharedEffect,
  type SharedEvent,
  type SharedState,
} from './shared_connection_state.js';
import { parseMessage, type TabMessage } from './tab_messages.js';

export interface SharedListener extends ConnectionListener {
  refused(status: number): void;
  /** In another tab. */
  signedOut(): void;
}

/** How long the response of another tab may take. */
const RESPONSE_TIMEOUT_MS = 2500;
/** How often a visible tab checks that the tab with the stream is awake. */
const PATROL_MS = 20_000;
const FIRST_RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 300_000;

export class SharedBadge {
  readonly #endpoint: Endpoint;
  readonly #listener: SharedListener;
  /** Of the lock and of the channel: two users of one origin share nothing. */
  readonly #name: string;
  readonly #locks: LockManager | undefined;
  readonly #channel: BroadcastChannel | undefined;
  #state: SharedState = 'asleep';
  /** Aborted, it withdraws the request for the lock, or releases it. */
  #lock = new AbortController();
  #connection: BadgeConnection | undefined;
  #connectionState: ConnectionState = 'connecting';
  #latest: Snapshot | undefined;
  /** Refusals since the last stream that was live. */
  #refusals = 0;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #patrol: ReturnType<typeof setInterval> | undefined;

  constructor(endpoint: Endpoint, key: string, listener: SharedListener) {
    this.#endpoint = endpoint;
    this.#listener = listener;
    this.#name = `badged ${key}`;
    this.#locks = globalThis.navigator?.locks;
    if (this.#locks !== undefined && typeof BroadcastChannel !== 'undefined') {
      this.#channel = new BroadcastChannel(this.#name);
      this.#channel.onmessage = ({ data }) => this.#receive(parseMessage(data));
    }
    this.wake();
  }

  wake(): void {
    this.#handle('wake');
  }

  /** A tab that waited for the lock in its sleep would be granted it, too. */
  sleep(): void {
    this.#handle('sleep');
  }

  signOut(): void {
    this.#post({ kind: 'signed-out' });
    this.close();
  }

  close(): void {
    this.sleep();
    this.#channel?.close();
  }

  /** `notify` passes what the event brought to the listener, where the state lets it. */
  #handle(event: SharedEvent, notify?: () => void): void {
    const [next, ...effects] = nextSharedState(this.#state, event);
    this.#state = next;
    for (const effect of effects) {
      if (effect === 'notify') notify?.();
      else this.#effects[effect]();
    }
  }

  readonly #effects: { readonly [effect in Exclude<SharedEffect, 'notify'>]: () => void } = {
    request_lock: () => this.#requestLock(),
    connect: () => this.#connect(),
    disconnect: () => this.#disconnect(),
    release: () => this.#release(),
    sync: () => this.#connection?.sync(),
    ask: () => this.#ask(false),
    ask_to_sync: () => this.#ask(true),
    stop_waiting: () => clearTimeout(this.#waiting),
    publish: () => this.#publish(),
    start_patrol: () => {
      if (this.#channel === undefined) return;
      this.#patrol = setInterval(() => isVisible() && this.#handle('patrol'), PATROL_MS);
    },
    start_retry: () => {
      const waitMs = fullJitter(FIRST_RETRY_MS, this.#refusals, LONGEST_RETRY_MS);
      this.#retry = setTimeout(() => this.#handle('retry'), waitMs);
    },
    stop_retry: () => clearTimeout(this.#retry),
    stop: () => this.#stop(),
  };

  #requestLock(): void {
    if (this.#channel === undefined || this.#locks === undefined) {
      this.#handle('granted');
      return;
    }
    this.#lock = new AbortController();
    const { signal } = this.#lock;
    let isGranted = false;
    // A page that is put to sleep runs what follows at once, and no task after that: it cannot wait for the end of a
    // stream before it releases the lock.
    const hold = () =>
      new Promise<void>((release) => {
        isGranted = true;
        signal.addEventListener('abort', () => release());
        if (signal.aborted) release();
        else this.#handle('granted');
      });
    this.#locks.request(this.#name, { signal }, hold).catch(() => {
      // Where it cannot even be requested, as in a sandboxed frame, the tab has a stream of its own.
      if (!signal.aborted) this.#handle(isGranted ? 'lost' : 'granted');
    });
  }

  #connect(): void {
    const isOther = () => this.#connection !== undefined && this.#connection !== connection;
    const connection: BadgeConnection = new BadgeConnection(this.#endpoint, this.#latest?.id ?? '', {
      snapshot: (snapshot) => {
        if (isOther()) return;
        this.#accept(snapshot);
        if (this.#state === 'leading') this.#publish();
      },
      state: (state) => {
        if (isOther()) return;
        this.#turn(state);
        if (this.#state === 'leading') this.#publish();
      },
    });
    this.#connection = connection;
    connection.ended.then((refusal) => {
      if (this.#connection === connection && refusal !== undefined) this.#refused(refusal);
    });
  }

  #disconnect(): void {
    this.#connection?.close();
    this.#connection = undefined;
  }

  #refused({ status, isTemporary, wasLive }: Refusal): void {
    this.#refusals = wasLive ? 1 : this.#refusals + 1;
    this.#handle(isTemporary ? 'refused_for_now' : 'refused_for_good', () => this.#listener.refused(status));
  }

  #release(): void {
    this.#lock.abort();
    this.#disconnect();
  }

  #stop(): void {
    this.#release();
    clearTimeout(this.#waiting);
    clearTimeout(this.#retry);
    clearInterval(this.#patrol);
    this.#refusals = 0;
  }

  #accept(snapshot: Snapshot): void {
    const isNew = snapshot.id !== this.#latest?.id;
    this.#latest = snapshot;
    if (isNew) this.#listener.snapshot(snapshot);
  }

  #turn(state: ConnectionState): void {
    this.#connectionState = state;
    this.#listener.state(state);
  }

  /** Without a channel there is no tab to ask, and each has the stream at once. */
  #ask(sync: boolean): void {
    if (this.#channel === undefined) return;
    this.#post({ kind: 'ask', sync });
    clearTimeout(this.#waiting);
    this.#waiting = setTimeout(() => isVisible() && this.#handle('unanswered'), RESPONSE_TIMEOUT_MS);
  }

  #receive(message: TabMessage | undefined): void {
    if (message?.kind === 'signed-out') this.#listener.signedOut();
    if (message?.kind === 'ask') this.#handle(message.sync ? 'asked_to_sync' : 'asked');
    if (message?.kind !== 'tell') return;
    const { snapshot, state } = message;
    this.#handle('updated', () => {
      if (snapshot !== undefined) this.#accept(snapshot);
      this.#turn(state);
    });
  }

  #publish(): void {
    this.#post({ kind: 'tell', state: this.#connectionState, snapshot: this.#latest });
  }

  #post(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }
}
