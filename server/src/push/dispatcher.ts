/**
 * Brings the number to every device. It hears of changes, looks whose devices may not have the right number,
 * and gives them to lanes; it takes alerts out of the outbox; and it walks through all devices now and then,
 * which finds whatever a crash, a provider or the end of a mute left wrong. Nothing it holds is lost when it
 * dies: the outbox has the alerts, and a device whose number is not known to be right says so itself.
 */
import { badge } from '@badged/core';
import type { Platform } from '../device_address.js';
import type { Store } from '../store/port.js';
import type { Audience, Change, Device } from '../store/push_port.js';
import { type BreakerLimits, defaultBreakerLimits, type Rest } from './breaker.js';
import { type ChangedAudience, Coalescer } from './coalescer.js';
import { defaultLaneSettings, Lane, type LaneSettings } from './lane.js';
import { OpenAlert } from './open_alert.js';
import { type OpenSender, Senders } from './sender.js';
import type { Verdict } from './transport/verdict.js';

export interface DispatcherSettings {
  /** How long changes of a badge are gathered before devices are told. */
  readonly coalesceMs: number;
  /** How often all devices are walked through. */
  readonly sweepMs: number;
  readonly devicesPerPage: number;
  /** How many alerts of an app are sent at once; the others wait in the outbox. */
  readonly openAlerts: number;
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
  alertClaimMs: 600_000,
  breaker: defaultBreakerLimits,
  lane: defaultLaneSettings,
};

export interface DispatcherParts {
  readonly store: Store;
  readonly openSender: OpenSender;
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
  readonly #open = new Map<string, OpenAlert>();
  readonly #coalescer: Coalescer;
  readonly #claiming = new Set<string>();
  #unsubscribe = () => {};
  #sweepTimer: NodeJS.Timeout | undefined;
  #isFirstSweep = true;
  #isClosed = false;

  constructor(parts: DispatcherParts) {
    this.#parts = parts;
    this.#settings = { ...defaultDispatcherSettings, ...parts.settings };
    this.#senders = new Senders(parts.openSender);
    this.#coalescer = new Coalescer(this.#settings.coalesceMs, (app, audiences) => {
      this.#background(() => this.#look(app, audiences));
    });
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
    this.#lane(app, device.address.platform).want(device.id);
  }

  /** The app's credentials changed: everything is tried anew. */
  async credentialsChanged(app: string, platform: Platform): Promise<void> {
    await this.#senders.renew(app, platform);
    this.#lanes.get(`${app} ${platform}`)?.renew();
    this.#coalescer.add(app, { kind: 'everyone' });
  }

  /** What is under way may end or not: nothing is lost either way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe();
    clearTimeout(this.#sweepTimer);
    this.#coalescer.close();
    for (const lane of this.#lanes.values()) lane.close();
    await this.#senders.close();
  }

  #changed({ app, audience, hasAlert }: Change): void {
    if (hasAlert) this.#background(() => this.#takeAlerts(app));
    this.#coalescer.add(app, audience);
  }

  /** Everybody's devices are found by walking through them, those of some users by user. */
  async #look(app: string, audiences: readonly ChangedAudience[]): Promise<void> {
    for (const audience of audiences) {
      if (audience.kind === 'everyone') await this.#walk(app);
      else await this.#lookAt(app, audience);
    }
  }

  async #lookAt(app: string, audience: Audience): Promise<void> {
    const { store, now } = this.#parts;
    for (const user of await store.push.audience(app, audience, now())) {
      await this.#wantIfWrong(app, await store.push.devices(app, user));
      if (this.#isClosed) return;
    }
  }

  /** Those of one user. */
  async #wantIfWrong(app: string, devices: readonly Device[]): Promise<void> {
    const [first] = devices;
    if (first === undefined) return;
    const counts = await this.#parts.store.badge(app, first.user, this.#parts.now());
    const number = counts && badge(counts, counts.settings);
    for (const device of devices) {
      if (device.isLeaving || device.accepted !== number) this.#want(app, device);
    }
  }

  /** What a process that died had under way may yet arrive. */
  #want(app: string, { id, address, accepted }: Device): void {
    const lane = this.#lane(app, address.platform);
    if (this.#isFirstSweep && accepted === null) lane.wantDoubtful(id);
    else lane.want(id);
  }

  async #walk(app: string): Promise<void> {
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

  #sweep(): void {
    this.#background(async () => {
      for (const { id } of await this.#parts.store.apps.list()) {
        await this.#takeAlerts(id);
        await this.#walk(id);
      }
      this.#isFirstSweep = false;
      this.#dropIdleLanes();
      if (this.#isClosed) return;
      this.#sweepTimer = setTimeout(() => this.#sweep(), this.#settings.sweepMs);
      this.#sweepTimer.unref();
    });
  }

  /** Lanes of deleted apps would stay for good. */
  #dropIdleLanes(): void {
    for (const [key, lane] of this.#lanes)
      if (lane.isIdle && lane.rest === undefined) this.#lanes.delete(key);
  }

  async #takeAlerts(app: string): Promise<void> {
    if (this.#claiming.has(app)) return;
    this.#claiming.add(app);
    try {
      for (let room = this.#room(app); room > 0 && !this.#isClosed; room = this.#room(app)) {
        const now = this.#parts.now();
        const claimed = await this.#parts.store.push.claim(app, room, {
          now,
          until: now + this.#settings.alertClaimMs,
        });
        if (claimed.length === 0) return;
        for (const alert of claimed) {
          if (this.#open.has(`${app} ${alert.id}`)) continue;
          const open = new OpenAlert(alert, (done) => this.#complete(done));
          this.#open.set(`${app} ${alert.id}`, open);
          await this.#expand(open, alert.audience, alert.settled);
        }
      }
    } finally {
      this.#claiming.delete(app);
    }
  }

  #room(app: string): number {
    let open = 0;
    for (const alert of this.#open.values()) if (alert.app === app) open += 1;
    return this.#settings.openAlerts - open;
  }

  async #expand(open: OpenAlert, audience: Audience, settled: ReadonlySet<string>): Promise<void> {
    const { store, now } = this.#parts;
    const users = open.expiresAt > now() ? await store.push.audience(open.app, audience, now()) : [];
    for (const [index, user] of users.entries()) {
      for (const device of await store.push.devices(open.app, user)) {
        if (settled.has(device.id)) continue;
        open.add(device.id);
        this.#lane(open.app, device.address.platform).want(device.id, open);
      }
      if (index % 100 === 99) await new Promise((resolve) => setImmediate(resolve));
    }
    open.expanded();
  }

  #complete({ app, id }: OpenAlert): void {
    this.#background(async () => {
      await this.#parts.store.push.complete(app, id, this.#parts.now());
      this.#open.delete(`${app} ${id}`);
      await this.#takeAlerts(app);
    });
  }

  #lane(app: string, platform: Platform): Lane {
    const key = `${app} ${platform}`;
    const { store, now, onOutcome, onError } = this.#parts;
    const settings = { ...this.#settings.lane, breaker: this.#settings.breaker };
    const lane =
      this.#lanes.get(key) ??
      new Lane(app, platform, { store, senders: this.#senders, now, settings, onOutcome, onError });
    this.#lanes.set(key, lane);
    return lane;
  }

  #background(work: () => Promise<void>): void {
    if (this.#isClosed) return;
    work().catch((error: unknown) => {
      if (!this.#isClosed) this.#parts.onError(error);
    });
  }
}
