/**
 * A store, a dispatcher and a local APNs together, under a clock that the test owns: what it takes to see a number
 * reach a device. The provider is a real one on a socket, so that `pass` waits for what is in flight; only what waits
 * for a time is in the test's hands.
 */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { BucketLimit } from '@badged/dev-push';
import { Dispatcher, type DispatcherSettings } from '../../src/push/dispatcher.js';
import { type OpenTransport, openTransportOf } from '../../src/push/open_transports.js';
import type { Verdict } from '../../src/push/transport/verdict.js';
import type { PushTarget } from '../../src/push_target.js';
import type { Store } from '../../src/store/port.js';
import type { PushStore } from '../../src/store/push_port.js';
import { sqliteUnderTest } from '../store/sqlite_under_test.js';
import type { StoreUnderTest } from '../store/store_under_test.js';
import { TestClock } from './test_clock.js';
import { type ApnsRig, apnsRig, type FcmRig } from './transport/rigs.js';

/** Shorter than in production, so that little has to happen while a test lets time pass. */
export const quick: Partial<DispatcherSettings> = {
  coalesceMs: 30,
  sweepMs: 200,
  breaker: { concurrency: 50, failures: 10, misconfigurations: 3, firstPauseMs: 50, longestPauseMs: 200 },
  lane: { firstRetryMs: 20, longestRetryMs: 200, confirmMs: 1_500, unregisterAttempts: 5 },
  badgePace: { burst: 20, refillMs: 50 },
};

export interface WorldSettings {
  readonly dispatcher?: Partial<DispatcherSettings>;
  /** How long the provider may take to answer, in real time. */
  readonly requestTimeoutMs?: number;
  /** How often APNs takes a push to one device, by the test's clock. Default: always. */
  readonly deviceLimit?: BucketLimit;
  /** Default: an embedded store. */
  readonly opened?: StoreUnderTest;
}

export interface Restart {
  /** What push delivery asks of the store, done otherwise. */
  readonly push?: Partial<PushStore>;
  readonly settings?: Partial<DispatcherSettings>;
  readonly fcm?: FcmRig;
}

export class DeliveryWorld {
  readonly store: Store;
  readonly apns: ApnsRig;
  readonly app = randomUUID();
  readonly clock: TestClock;
  /** Of every push, in the order in which they became known. */
  readonly verdicts: Verdict[] = [];
  /** The calls of push delivery to the store, in order. */
  readonly calls: string[] = [];
  /** What went wrong in push delivery itself. */
  readonly errors: unknown[] = [];
  dispatcher: Dispatcher;
  readonly #dispose: () => Promise<void>;
  readonly #settings: Partial<DispatcherSettings>;
  /** What the clock's time is to the time of day. */
  #start: number;

  private constructor(
    store: Store,
    apns: ApnsRig,
    time: { readonly clock: TestClock; readonly start: number },
    settings: Partial<DispatcherSettings>,
    dispose: () => Promise<void>,
  ) {
    this.store = store;
    this.apns = apns;
    this.clock = time.clock;
    this.#start = time.start;
    this.#settings = settings;
    this.#dispose = dispose;
    this.dispatcher = this.#newDispatcher({});
  }

  static async open({
    dispatcher = {},
    requestTimeoutMs = 20_000,
    deviceLimit,
    opened,
  }: WorldSettings = {}): Promise<DeliveryWorld> {
    const { store, dispose } = opened ?? (await sqliteUnderTest());
    const time = { clock: new TestClock(), start: Date.now() };
    const apns = await apnsRig({
      limits: { requestTimeoutMs },
      ...(deviceLimit !== undefined && { deviceLimit, now: () => time.start + Math.floor(time.clock.now()) }),
    });
    const world = new DeliveryWorld(store, apns, time, dispatcher, dispose);
    await store.apps.create({
      id: world.app,
      name: 'test',
      settings: { mode: 'unread_messages', includeAnnouncements: false },
      jabberDomain: 'test.badged',
      createdAt: 1,
    });
    world.dispatcher.start();
    return world;
  }

  /** The time of day, which goes with the clock. */
  now(): number {
    return this.#start + Math.floor(this.clock.now());
  }

  /** Sets the time of day, as an administrator does. The clock of timers goes on. */
  setTimeOfDay(byMs: number): void {
    this.#start += byMs;
  }

  /** Lets time pass, and whatever comes due in it happen. */
  pass(ms: number): Promise<void> {
    return this.clock.advance(ms, () => this.dispatcher.settled());
  }

  /** Everything that takes a moment, but no retry that is far away. */
  settle(): Promise<void> {
    return this.pass(1_000);
  }

  /** Another dispatcher, as after a restart. What the one before had in flight has ended by then. */
  async restart(restart: Restart = {}): Promise<void> {
    await this.dispatcher.close();
    await this.dispatcher.settled();
    this.dispatcher = this.#newDispatcher(restart);
    this.dispatcher.start();
  }

  /** The device as APNs knows it. */
  async register(user: string, id: string): Promise<string> {
    const target = this.apns.newDevice();
    await this.registerTarget(user, id, target);
    return target.token;
  }

  async registerTarget(user: string, id: string, target: PushTarget): Promise<void> {
    await this.store.push.register(this.app, { id, user, target }, { devicesPerUser: 25, now: this.now() });
    const device = await this.store.push.device(this.app, id);
    if (device !== undefined) this.dispatcher.deviceChanged(this.app, device);
  }

  async conversation(participants: readonly string[]): Promise<string> {
    const id = randomUUID();
    const command = {
      type: 'create_conversation',
      id,
      participants,
      distinct: false,
      metadata: null,
      at: 1,
    } as const;
    await this.store.execute<'create_conversation'>(this.app, command);
    return id;
  }

  async send(conversation: string, userId: string, notification?: object): Promise<string> {
    const alert = notification && {
      notification: JSON.stringify(notification),
      expiresAt: this.now() + 60_000,
    };
    const command = {
      type: 'send_message',
      conversation,
      sender: { userId },
      mentions: [],
      silent: false,
      at: 1,
    } as const;
    const outcome = await this.store.execute<'send_message'>(this.app, command, alert);
    return outcome.value?.id ?? '';
  }

  /** Every number that the device accepted, in order; null where a push carried none. */
  numbers(token: string): (number | null)[] {
    return this.apns.production.accepted.of(token).map((each) => each.badge ?? null);
  }

  /** How many alerts with this text the device accepted. */
  rings(token: string, text: string): number {
    return this.apns.production.accepted.of(token).filter(({ payload }) => payload.includes(text)).length;
  }

  async close(): Promise<void> {
    await this.dispatcher.close();
    await this.apns.close();
    await this.#dispose();
  }

  #newDispatcher({ push = {}, settings = {}, fcm }: Restart): Dispatcher {
    const { apns } = this;
    const isApns = (target: PushTarget) => target.platform === 'apns';
    const isFcm = (target: PushTarget) => target.platform === 'fcm';
    return new Dispatcher({
      store: withPush(this.store, push, (call) => this.calls.push(call)),
      openTransport: async (_app, platform): Promise<OpenTransport> => ({
        ...(platform === 'fcm' && fcm !== undefined
          ? openTransportOf(fcm.transport, isFcm)
          : openTransportOf(apns.transport, isApns)),
        // The rig's transport outlives a dispatcher that is closed to play dead.
        close: async () => {},
      }),
      clock: this.clock,
      now: () => this.now(),
      settings: { ...quick, ...this.#settings, ...settings },
      onOutcome: (_platform, verdict) => this.verdicts.push(verdict),
      onError: (error) => this.errors.push(error),
    });
  }
}

/** The store, with some of what push delivery asks of it done otherwise, and every call recorded. */
function withPush(store: Store, push: Partial<PushStore>, onCall: (call: string) => void): Store {
  const own = new Map<string | symbol, unknown>(Object.entries(push));
  const bound = (target: object, key: string | symbol) => {
    const value: unknown = Reflect.get(target, key);
    if (typeof value !== 'function') return value;
    return (...given: unknown[]) => {
      onCall(String(key));
      return Reflect.apply(value, target, given);
    };
  };
  const altered = new Proxy(store.push, { get: (target, key) => own.get(key) ?? bound(target, key) });
  return new Proxy(store, { get: (target, key) => (key === 'push' ? altered : bound(target, key)) });
}

/** Waits, in real time, until what then stays holds, and says what was the case if it never does. */
export async function eventually(check: () => Promise<void> | void, withinMs = 20_000): Promise<void> {
  const end = Date.now() + withinMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await delay(20);
  }
}
