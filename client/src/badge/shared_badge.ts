/**
 * One stream for all tabs of an origin. The tab that holds a lock (Web Locks) has it and tells the others
 * (BroadcastChannel); when it closes, or is put to sleep, the lock passes to one that waited. No lock is ever stolen:
 * a visible tab that the holder does not answer, because it was put to sleep without being told, reads a stream of its
 * own until it does. Where the browser lacks either interface, every tab has its own.
 */
import { fullJitter, pause } from '../sse/waiting.js';
import type { Snapshot } from './badge.js';
import {
  type Address,
  BadgeConnection,
  type ConnectionListener,
  type ConnectionState,
  type Refusal,
} from './badge_connection.js';
import { isVisible } from './page_lifecycle.js';
import { parseMessage, type TabMessage } from './tab_messages.js';

export interface SharedListener extends ConnectionListener {
  refused(status: number): void;
  /** In another tab. */
  signedOut(): void;
}

/** How long an answer from another tab may take. */
const ANSWER_MS = 2500;
/** How often a visible tab makes sure that whoever has the stream is awake. */
const PATROL_MS = 20_000;
const FIRST_REFUSAL_MS = 10_000;
const LONGEST_REFUSAL_MS = 300_000;

export class SharedBadge {
  readonly #address: Address;
  readonly #listener: SharedListener;
  /** Of the lock and of the channel: two users of one origin have nothing to do with each other. */
  readonly #name: string;
  readonly #locks: LockManager | undefined;
  readonly #channel: BroadcastChannel | undefined;
  #candidacy: AbortController | undefined;
  /** The rest after a refusal. */
  #rest: AbortController | undefined;
  #isRefused = false;
  #connection: BadgeConnection | undefined;
  #isLeading = false;
  #state: ConnectionState = 'connecting';
  #latest: Snapshot | undefined;
  #unanswered: ReturnType<typeof setTimeout> | undefined;
  #patrol: ReturnType<typeof setInterval> | undefined;

  constructor(address: Address, key: string, listener: SharedListener) {
    this.#address = address;
    this.#listener = listener;
    this.#name = `badged ${key}`;
    this.#locks = globalThis.navigator?.locks;
    if (this.#locks !== undefined && typeof BroadcastChannel !== 'undefined') {
      this.#channel = new BroadcastChannel(this.#name);
      this.#channel.onmessage = ({ data }) => this.#hear(parseMessage(data));
    }
    this.wake();
  }

  wake(): void {
    this.#isRefused = false;
    this.#rest?.abort();
    if (this.#candidacy === undefined) void this.#stand();
    else this.#connection?.sync();
    if (this.#channel === undefined || this.#isLeading) return;
    this.#ask(true);
    this.#patrol ??= setInterval(() => isVisible() && !this.#isLeading && this.#ask(false), PATROL_MS);
  }

  /** Whoever waits for a lock in its sleep would be given it, too. */
  sleep(): void {
    this.#candidacy?.abort();
    this.#candidacy = undefined;
    this.#rest?.abort();
    this.#disconnect();
    clearTimeout(this.#unanswered);
    clearInterval(this.#patrol);
    this.#patrol = undefined;
  }

  signOut(): void {
    this.#say({ kind: 'signed-out' });
    this.close();
  }

  close(): void {
    this.sleep();
    this.#channel?.close();
  }

  /** Waits for its turn, and leads until the service refuses; after that, another tab has its turn. */
  async #stand(): Promise<void> {
    const candidacy = new AbortController();
    this.#candidacy = candidacy;
    const { signal } = candidacy;
    let refusals = 0;
    while (!signal.aborted) {
      const refusal = await this.#inTurn(signal, () => this.#lead(signal));
      if (refusal === undefined || signal.aborted) break;
      this.#refused(refusal);
      if (!refusal.isTemporary) break;
      refusals = refusal.wasLive ? 1 : refusals + 1;
      this.#rest = new AbortController();
      await pause(fullJitter(FIRST_REFUSAL_MS, refusals, LONGEST_REFUSAL_MS), this.#rest.signal);
    }
    if (this.#candidacy === candidacy) this.#candidacy = undefined;
  }

  async #inTurn(signal: AbortSignal, lead: () => Promise<Refusal | undefined>): Promise<Refusal | undefined> {
    if (this.#channel === undefined || this.#locks === undefined) return lead();
    let hasLed = false;
    const led = () => {
      hasLed = true;
      return lead();
    };
    try {
      return await this.#locks.request(this.#name, { signal }, led);
    } catch {
      // Aborted, or taken away by other code. Else it may not be asked for at all, as in a sandboxed frame.
      if (!signal.aborted && !hasLed) return lead();
      this.#disconnect();
      return undefined;
    }
  }

  async #lead(signal: AbortSignal): Promise<Refusal | undefined> {
    if (signal.aborted) return undefined;
    this.#isLeading = true;
    clearTimeout(this.#unanswered);
    const connection = this.#connect();
    // A page that is put to sleep runs what follows at once, and no task after that: it cannot wait for the end of a
    // stream before it lets go of the lock.
    const asleep = new Promise<undefined>((resolve) => {
      signal.addEventListener('abort', () => resolve(undefined));
    });
    const refusal = await Promise.race([connection.ended, asleep]);
    if (this.#connection === connection) {
      this.#connection = undefined;
      this.#isLeading = false;
    }
    return refusal;
  }

  #connect(): BadgeConnection {
    if (this.#connection !== undefined) return this.#connection;
    const connection = new BadgeConnection(this.#address, this.#latest?.id ?? '', {
      snapshot: (snapshot) => {
        if (this.#connection !== connection) return;
        this.#accept(snapshot);
        this.#tell();
      },
      state: (state) => {
        if (this.#connection !== undefined && this.#connection !== connection) return;
        this.#turn(state);
        this.#tell();
      },
    });
    this.#connection = connection;
    return connection;
  }

  #disconnect(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#isLeading = false;
  }

  #accept(snapshot: Snapshot): void {
    const isNew = snapshot.id !== this.#latest?.id;
    this.#latest = snapshot;
    if (isNew) this.#listener.snapshot(snapshot);
  }

  #turn(state: ConnectionState): void {
    this.#state = state;
    this.#listener.state(state);
  }

  #ask(sync: boolean): void {
    this.#say({ kind: 'ask', sync });
    clearTimeout(this.#unanswered);
    this.#unanswered = setTimeout(() => {
      if (isVisible() && !this.#isLeading && !this.#isRefused) this.#readAlone();
    }, ANSWER_MS);
  }

  #readAlone(): void {
    const connection = this.#connect();
    connection.ended.then((refusal) => {
      if (this.#connection !== connection || this.#isLeading) return;
      this.#connection = undefined;
      if (refusal !== undefined) this.#refused(refusal);
    });
  }

  #refused({ status }: Refusal): void {
    this.#isRefused = true;
    this.#listener.refused(status);
  }

  #hear(message: TabMessage | undefined): void {
    if (message?.kind === 'signed-out') this.#listener.signedOut();
    if (message?.kind === 'ask' && this.#isLeading) {
      this.#tell();
      if (message.sync) this.#connection?.sync();
    }
    if (message?.kind !== 'tell' || this.#isLeading) return;
    clearTimeout(this.#unanswered);
    // Whoever has the stream is awake again, and one of them is enough.
    this.#disconnect();
    if (message.snapshot !== undefined) this.#accept(message.snapshot);
    this.#turn(message.state);
  }

  #tell(): void {
    if (this.#isLeading) this.#say({ kind: 'tell', state: this.#state, snapshot: this.#latest });
  }

  #say(message: TabMessage): void {
    this.#channel?.postMessage(message);
  }
}
