/**
 * Brings the number to every device. It hears of changes, looks whose devices may not have the right number,
 * and gives them to lanes; it takes alerts out of the outbox; and it walks through all devices now and then,
 * which finds whatever a crash, a provider or the end of a mute left wrong. Nothing it holds is lost when it
 * dies: the outbox has the alerts, and a device whose number is not known to be right says so itself.
 */
import { badge } from '@badged/core';
import type { Platform } from '../push_target.js';
import type { Store } from '../store/port.js';
import type { Audience, Change, Device, OutboxAlert } from '../store/push_port.js';
import { type BreakerLimits, defaultBreakerLimits, type Rest } from './breaker.js';
import type { Clock } from './clock.js';
import { type ChangedAudience, Coalescer } from './coalescer.js';
import { defaultLaneSettings, Lane, type LaneSettings } from './lane.js';
import { OneAtATime } from './one_at_a_time.js';
import { OngoingWork } from './ongoing_work.js';
import { OpenAlert } from './open_alert.js';
import { type OpenSender, Senders } from './sender.js';
import type { Verdict } from './transport/verdict.js';

export interface DispatcherSettings {
  /** How long changes of a badge are gathered before devices are told. */
  readonly coalesceMs: number;
  /** How often all devices are walked through. */
  readonly sweepMs: number;
  readonly devicesPerPage: number;
  /** How many alerts of an app are sent at once; the others wait in the outbox … */
  readonly openAlerts: number;
  /** … unless fewer devices than this are waited for: one that nobody reaches is to hold up nobody else. */
  readonly openPushes: number;
  /** After this time another node takes over an alert of a node that died. */
  readonly alertClaimMs: number;
  readonly breaker: BreakerLimits;
  readonly lane: Omit<LaneSettings, 'breaker'>;
}

export const defaultDispatcherSettings: DispatcherSettings = {
  coalesceMs: 500,
  sweepMs: 60_000,
  devicesPerPage: 200,
  openAlerts: 100,
  openPushes: 20_000,
  alertClaimMs: 600_000,
  breaker: defaultBreakerLimits,
  lane: defaultLaneSettings,
};

export interface DispatcherParts {
  readonly store: Store;
  readonly openSender: OpenSender;
  readonly clock: Clock;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  readonly settings?: Partial<DispatcherSettings>;
  readonly onOutcome: (platform: Platform, verdict: Verdict) => void;
  readonly onError: (error: unknown) => void;
}

export interface RestingLane extends Rest {
  readonly app: string;
  readonly platform: Platform;
}

export class Dispatcher {
  readonly #parts: DispatcherParts;
  readonly #settings: DispatcherSettings;
  readonly #senders: Senders;
  readonly #lanes = new Map<string, Lane>();
  /** By app, and in it by id. */
  readonly #open = new Map<string, Map<number, OpenAlert>>();
  readonly #coalescer: Coalescer;
  readonly #claims = new OneAtATime();
  readonly #walks = new OneAtATime();
  readonly #work = new OngoingWork();
  readonly #started: { readonly timeOfDay: number; readonly clock: number };
  #unsubscribe = () => {};
  #cancelSweep = () => {};
  #isClosed = false;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#settings = { ...defaultDispatcherSettings, ...parts.settings };
    this.#senders = new Senders(parts.openSender);
    this.#started = { timeOfDay: parts.now(), clock: parts.clock.now() };
    const look = (app: string, audiences: readonly ChangedAudience[]) =>
      this.#background(() => this.#look(app, audiences));
    this.#coalescer = new Coalescer(this.#settings.coalesceMs, look, parts.clock);
  }

  start(): void {
    this.#unsubscribe = this.#parts.store.subscribe((change) => this.#changed(change));
    this.#sweep();
  }

  /** The transports that rest, because nobody answers or because our credentials are refused. */
  get resting(): readonly RestingLane[] {
    return [...this.#lanes.values()].flatMap(({ app, platform, rest }) =>
      rest === undefined ? [] : [{ app, platform, ...rest }],
    );
  }

  /** The device registered or began to leave: it is told at once. */
  deviceChanged(app: string, device: Device): void {
    this.#lane(app, device.target.platform).want(device.id);
  }

  /** The app's credentials changed: everything is tried anew. */
  async credentialsChanged(app: string, platform: Platform): Promise<void> {
    await this.#senders.renew(app, platform);
    this.#lanes.get(`${app} ${platform}`)?.renew();
    this.#coalescer.add(app, { kind: 'everyone' });
  }

  /** Resolves once nothing is in flight: what is left waits for a timer or a change. */
  settled(): Promise<void> {
    return this.#work.ended();
  }

  /** What is under way may end or not: nothing is lost either way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#cancelSweep();
    this.#coalescer.close();
    for (const lane of this.#lanes.values()) lane.close();
    await this.#senders.close();
  }

  #changed({ app, audience, hasAlert }: Change): void {
    if (hasAlert) void this.#background(() => this.#takeAlerts(app));
    this.#coalescer.add(app, audience);
  }

  /** Everybody's devices are found by walking through them, which nobody else waits for; those of some users by user. */
  async #look(app: string, audiences: readonly ChangedAudience[]): Promise<void> {
    for (const audience of audiences) {
      if (audience.kind === 'everyone') void this.#background(() => this.#walk(app));
      else await this.#lookAt(app, audience);
    }
  }

  async #lookAt(app: string, audience: Audience): Promise<void> {
    const { store, now } = this.#parts;
    const users = await store.push.audience(app, audience, now());
    for (const [index, user] of users.entries()) {
      await this.#wantIfWrong(app, await store.push.devices(app, user));
      if (this.#isClosed) return;
      if (index % 100 === 99) await requestsFirst();
    }
  }

  /** Those of one user. */
  async #wantIfWrong(app: string, devices: readonly Device[]): Promise<void> {
    const [first] = devices;
    if (first === undefined) return;
    const counts = await this.#parts.store.ask(app, {
      type: 'badge',
      user: first.user,
      now: this.#parts.now(),
    });
    const number = counts && badge(counts, counts.settings);
    for (const device of devices) {
      if (device.isUnregistering || device.accepted !== number) this.deviceChanged(app, device);
    }
  }

  #walk(app: string): Promise<void> {
    return this.#walks.run(app, () => this.#walkOnce(app));
  }

  async #walkOnce(app: string): Promise<void> {
    const { devicesPerPage } = this.#settings;
    for (let after = ''; ; ) {
      const page = await this.#parts.store.push.devicesAfter(app, after, devicesPerPage);
      for (const device of page) await this.#wantIfWrong(app, [device]);
      const last = page.at(-1);
      if (last === undefined || page.length < devicesPerPage || this.#isClosed) return;
      after = last.id;
      // Requests come first.
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  /** Whatever fails is tried again with the next one. */
  #sweep(): void {
    const again = () => {
      if (this.#isClosed) return;
      this.#cancelSweep = this.#parts.clock.setTimeout(() => this.#sweep(), this.#settings.sweepMs);
    };
    void this.#background(async () => {
      for (const { id } of await this.#parts.store.apps.list()) {
        await this.#background(() => this.#takeAlerts(id));
        await this.#background(() => this.#walk(id));
      }
      await this.#tidy();
    }).finally(again);
  }

  /** A lane that rests, or a device that nobody reaches, would keep what has expired, and deleted apps, for good. */
  async #tidy(): Promise<void> {
    const { store, now } = this.#parts;
    const apps = new Set((await store.apps.list()).map(({ id }) => id));
    for (const [app, alerts] of this.#open) {
      for (const alert of [...alerts.values()]) if (alert.expiresAt <= now()) alert.expire();
      if (!apps.has(app)) this.#open.delete(app);
    }
    const ended = [...this.#lanes].filter(([, lane]) => !apps.has(lane.app));
    for (const [key, lane] of ended) {
      lane.close();
      this.#lanes.delete(key);
    }
    for (const lane of this.#lanes.values()) lane.tidy();
    for (const [, { app, platform }] of ended) await this.#senders.renew(app, platform);
  }

  #takeAlerts(app: string): Promise<void> {
    return this.#claims.run(app, async () => {
      const { alertClaimMs } = this.#settings;
      for (let room = this.#room(app); room > 0 && !this.#isClosed; room = this.#room(app)) {
        const now = this.#parts.now();
        const claim = { now, until: now + alertClaimMs };
        const claimed = await this.#parts.store.push.claim(app, room, claim);
        if (claimed.length === 0) return;
        for (const alert of claimed) if (!this.#openOf(app).has(alert.id)) await this.#begin(alert);
      }
    });
  }

  async #begin(alert: OutboxAlert): Promise<void> {
    const open = new OpenAlert(alert, (done) => this.#complete(done));
    this.#openOf(alert.app).set(alert.id, open);
    await this.#expand(open, alert.audience, alert.settled);
  }

  #openOf(app: string): Map<number, OpenAlert> {
    const open = this.#open.get(app) ?? new Map<number, OpenAlert>();
    this.#open.set(app, open);
    return open;
  }

  #room(app: string): number {
    const { openAlerts, openPushes } = this.#settings;
    const open = this.#openOf(app);
    if (open.size < openAlerts) return openAlerts - open.size;
    let waiting = 0;
    for (const alert of open.values()) waiting += alert.waiting;
    return waiting < openPushes ? openAlerts : 0;
  }

  async #expand(open: OpenAlert, audience: Audience, settled: ReadonlySet<string>): Promise<void> {
    const { store, now } = this.#parts;
    const users = open.expiresAt > now() ? await store.push.audience(open.app, audience, now()) : [];
    for (const [index, user] of users.entries()) {
      for (const device of await store.push.devices(open.app, user)) {
        if (settled.has(device.id)) continue;
        open.add(device.id, user);
        this.#lane(open.app, device.target.platform).want(device.id, open);
      }
      if (index % 100 === 99) await requestsFirst();
    }
    open.expanded();
  }

  #complete({ app, id }: OpenAlert): void {
    void this.#background(async () => {
      await this.#parts.store.push.complete(app, id, this.#parts.now());
      this.#open.get(app)?.delete(id);
      await this.#takeAlerts(app);
    });
  }

  #lane(app: string, platform: Platform): Lane {
    const key = `${app} ${platform}`;
    const { store, clock, now, onOutcome, onError } = this.#parts;
    const settings = { ...this.#settings.lane, breaker: this.#settings.breaker };
    const lane =
      this.#lanes.get(key) ??
      new Lane(app, platform, {
        store,
        senders: this.#senders,
        clock,
        now,
        started: this.#started,
        track: (work) => void this.#work.add(work),
        settings,
        onOutcome,
        onError,
      });
    this.#lanes.set(key, lane);
    if (this.#isClosed) lane.close();
    return lane;
  }

  async #background(work: () => Promise<void>): Promise<void> {
    if (this.#isClosed) return;
    await this.#work.add(work()).catch((error: unknown) => {
      if (!this.#isClosed) this.#parts.onError(error);
    });
  }
}

function requestsFirst(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
