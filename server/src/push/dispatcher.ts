/**
 * Decides which device gets a push. It subscribes to changes, finds the devices that may not have the right number,
 * and gives them to lanes. It starts the alerts of the outbox. It walks through all devices regularly, to find
 * numbers that are wrong after a crash, an outage or the end of a mute. A crash loses nothing: the outbox has the
 * alerts, and the store has, for each device, whether its number is right.
 */
import type { Platform } from '../push_target.js';
import type { Store } from '../store/port.js';
import type { Audience, Change, Device, DeviceWithBadge, DueApp, ServerEvent } from '../store/push_port.js';
import { AlertQueue, type AlertQueueSettings, type DevicesOfSome } from './alert_queue.js';
import { type BreakerLimits, defaultBreakerLimits, type Pause } from './breaker.js';
import type { Clock } from './clock.js';
import { type ChangedAudience, Coalescer } from './coalescer.js';
import { DevicePace } from './device_pace.js';
import { defaultLaneSettings, Lane } from './lane.js';
import { LargeChanges } from './large_changes.js';
import { OngoingWork, turnOfEventLoop } from './ongoing_work.js';
import { type OpenTransportFor, OpenTransports } from './open_transports.js';
import { OwnRegistrations } from './own_registrations.js';
import type { PushSettings } from './pushes.js';
import { SingleFlight } from './single_flight.js';
import { capabilities, type Pace } from './transport/capabilities.js';
import type { Verdict } from './transport/verdict.js';
import { UserBacklog } from './user_backlog.js';

export interface DispatcherSettings extends AlertQueueSettings {
  /** How long changes of a badge are gathered before devices are refreshed. */
  readonly coalesceMs: number;
  /** How often all devices are walked through. */
  readonly sweepMs: number;
  readonly devicesPerPage: number;
  readonly breaker: BreakerLimits;
  readonly lane: PushSettings;
  /** How often a device gets its number alone, where its platform has a pace, in place of that. */
  readonly badgePace?: Pace;
}

const defaultDispatcherSettings: DispatcherSettings = {
  coalesceMs: 500,
  sweepMs: 60_000,
  devicesPerPage: 200,
  openAlerts: 100,
  openPushes: 20_000,
  alertClaimMs: 600_000,
  breaker: defaultBreakerLimits,
  lane: defaultLaneSettings,
};

export interface DispatcherDeps {
  readonly store: Store;
  readonly openTransport: OpenTransportFor;
  readonly clock: Clock;
  /** The time of day, in milliseconds since 1970. */
  readonly now: () => number;
  readonly settings?: Partial<DispatcherSettings>;
  readonly onOutcome: (platform: Platform, verdict: Verdict) => void;
  readonly onError: (error: unknown) => void;
}

export interface PausedLane extends Pause {
  readonly app: string;
  readonly platform: Platform;
}

/** A device that gets more pushes than this lets others in its queue go first. */
const quietPace: Pace = { burst: 1, refillMs: 3_000 };
/** How many users' devices one call to the store reads. The devices of an audience that is larger let others go first. */
const usersPerCall = 100;
/** Between two pages of a walk, in which requests are served. */
const pageGapMs = 5;

export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #settings: DispatcherSettings;
  readonly #transports: OpenTransports;
  readonly #lanes = new Map<string, Lane>();
  readonly #paces = new Map<Platform, DevicePace>();
  readonly #quietPace = new DevicePace(quietPace);
  readonly #alerts: AlertQueue;
  readonly #coalescer: Coalescer;
  readonly #largeChanges: LargeChanges;
  readonly #backlog: UserBacklog;
  readonly #walks = new SingleFlight();
  readonly #work = new OngoingWork();
  readonly #startedAt: number;
  /** Until pushes of an earlier process can no longer arrive. */
  readonly #ownRegistrations = new OwnRegistrations();
  #unsubscribe = () => {};
  #cancelSweep = () => {};
  readonly #sweeps = new SingleFlight();
  /** Whether the next sweep also takes what servers that died may have worked on. So does the first one. */
  #takesOver = true;
  #isClosed = false;

  constructor(deps: DispatcherDeps) {
    const { store, clock, now } = deps;
    const inBackground = (work: () => Promise<void>) => void this.#inBackground(work);
    const isClosed = () => this.#isClosed;
    this.#deps = deps;
    this.#settings = { ...defaultDispatcherSettings, ...deps.settings };
    this.#transports = new OpenTransports(deps.openTransport);
    this.#startedAt = clock.now();
    this.#alerts = new AlertQueue({
      store,
      now,
      settings: this.#settings,
      devicesOf: (app, audience) => this.#devicesOf(app, audience),
      send: (app, device, { alert, isBulk }) =>
        this.#lane(app, device.target.platform).sendAlert(device, alert, isBulk),
      inBackground,
      isClosed,
    });
    this.#backlog = new UserBacklog({
      usersPerCall,
      refresh: async (app, users) => this.#wantWrong(app, await store.push.devices(app, users, now()), true),
      inBackground,
      isClosed,
    });
    this.#largeChanges = new LargeChanges({
      clock,
      coalesceMs: this.#settings.coalesceMs,
      usersPerCall,
      recipients: (app, audience) => store.push.recipients(app, audience, now()),
      wrongDevices: async (app, users) => (await store.push.devices(app, users, now())).filter(isWrong),
      isChatty: (app, device) => this.#lane(app, device.target.platform).isChatty(device.id),
      want: (app, devices) => this.#wantWrong(app, devices, true),
      inBackground,
      isClosed,
    });
    const refresh = (app: string, audiences: readonly ChangedAudience[]) =>
      this.#inBackground(() => this.#refresh(app, audiences));
    this.#coalescer = new Coalescer(
      { waitMs: this.#settings.coalesceMs, usersPerList: usersPerCall },
      refresh,
      clock,
    );
  }

  start(): void {
    const { store } = this.#deps;
    const unsubscribes = [
      store.subscribe((change) => this.#changed(change)),
      store.push.onServers((event) => this.#serversChanged(event)),
    ];
    this.#unsubscribe = () => {
      for (const unsubscribe of unsubscribes) unsubscribe();
    };
    this.#sweep();
  }

  /** The lanes that are paused, because a provider does not respond or refuses our credentials. */
  get paused(): readonly PausedLane[] {
    return [...this.#lanes.values()].flatMap(({ app, platform, pause }) =>
      pause === undefined ? [] : [{ app, platform, ...pause }],
    );
  }

  /** The device was registered or unregistered: it gets a push at once. */
  deviceChanged(app: string, device: Device): void {
    if (!device.isUnregistering && this.#mayEarlierPushArrive()) this.#ownRegistrations.add(app, device);
    this.refreshDevice(app, device);
  }

  /** The device's number may be wrong: it gets a push at once if it is. */
  refreshDevice(app: string, device: Device): void {
    this.#lane(app, device.target.platform).want(device, false);
  }

  /** Until when the device's newest number is held back by its pace, as a time of day; undefined if it is not. */
  heldBackUntil(app: string, { id, target: { platform } }: Device): number | undefined {
    return this.#lanes.get(laneKey(app, platform))?.heldBackUntil(id);
  }

  /** How many devices of the platform are held back by their pace. */
  heldBack(platform: Platform): number {
    let devices = 0;
    for (const lane of this.#lanes.values()) if (lane.platform === platform) devices += lane.heldBack;
    return devices;
  }

  /** The app's credentials changed: every push is tried again. */
  async credentialsChanged(app: string, platform: Platform): Promise<void> {
    await this.#transports.renew(app, platform);
    this.#lanes.get(laneKey(app, platform))?.renew();
    this.#coalescer.add(app, { kind: 'everyone' });
  }

  /** Resolves once nothing is in flight. Everything else waits for a timer or a change. */
  settled(): Promise<void> {
    return this.#work.ended();
  }

  /** Does not wait for pushes in flight: nothing is lost if they do not end. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#cancelSweep();
    this.#coalescer.close();
    this.#largeChanges.close();
    for (const lane of this.#lanes.values()) lane.close();
    await this.#transports.close();
  }

  #serversChanged(event: ServerEvent): void {
    if (event === 'taken_for_gone') this.#alerts.abandon();
    this.#takesOver = true;
    this.#cancelSweep();
    this.#sweep();
  }

  #changed({ app, audience, hasAlert, isElsewhere = false }: Change): void {
    if (isElsewhere) return;
    if (hasAlert) void this.#inBackground(() => this.#alerts.take(app));
    if (audience.kind === 'users' && audience.users.length > usersPerCall)
      this.#largeChanges.add(app, audience.users);
    else this.#coalescer.add(app, audience);
  }

  /** Of few users, reads the devices now; of many, in the background; of all, by a walk through all devices. */
  async #refresh(app: string, audiences: readonly ChangedAudience[]): Promise<void> {
    const { store, now } = this.#deps;
    let read = 0;
    for (const audience of audiences) {
      if (audience.kind === 'everyone') {
        void this.#inBackground(() => this.#walk(app));
        continue;
      }
      const users = await store.push.recipients(app, audience, now());
      // A conversation: a list of users is no longer than that.
      if (users.length > usersPerCall) this.#backlog.add(app, users);
      else if (users.length > 0) {
        this.#wantWrong(app, await store.push.devices(app, users, now()), false);
        read += users.length;
      }
      if (read < usersPerCall) continue;
      read = 0;
      await turnOfEventLoop();
    }
  }

  /** The devices of an audience, for some users at a time; requests are served in between. */
  async *#devicesOf(app: string, audience: Audience): AsyncGenerator<DevicesOfSome> {
    const { store, now } = this.#deps;
    const users = await store.push.recipients(app, audience, now());
    for (let first = 0; first < users.length && !this.#isClosed; first += usersPerCall) {
      if (first > 0) await turnOfEventLoop();
      const some = users.slice(first, first + usersPerCall);
      yield {
        devices: await store.push.devices(app, some, now()),
        isBulk: users.length > usersPerCall,
      };
    }
  }

  #wantWrong(app: string, devices: readonly DeviceWithBadge[], isBulk: boolean): void {
    for (const device of devices) {
      if (isWrong(device)) this.#lane(app, device.target.platform).want(device, isBulk);
    }
  }

  /** With an app that is due, what is found is stored. */
  #walk(app: string, due?: DueApp): Promise<void> {
    return this.#walks.run(app, async () => {
      const { devicesPerPage } = this.#settings;
      const { store, now } = this.#deps;
      let isClean = true;
      for (let after = ''; !this.#isClosed; ) {
        const page = await store.push.devicesAfter(app, after, devicesPerPage, now());
        this.#wantWrong(app, page, true);
        isClean &&= !page.some(isWrong);
        const last = page.at(-1);
        if (last === undefined || page.length < devicesPerPage) {
          if (isClean && due !== undefined) await store.push.walked(due, now());
          return;
        }
        after = last.id;
        await new Promise((resolve) => setTimeout(resolve, pageGapMs));
      }
    });
  }

  /** If a part of a sweep fails, the next sweep does it again. */
  #sweep(): void {
    const { clock, now, store } = this.#deps;
    const { sweepMs, alertClaimMs } = this.#settings;
    const again = () => {
      this.#cancelSweep();
      if (!this.#isClosed) this.#cancelSweep = clock.setTimeout(() => this.#sweep(), sweepMs);
    };
    const sweep = async () => {
      const takesOver = this.#takesOver;
      this.#takesOver = false;
      try {
        await this.#alerts.renew();
        const time = { now: now(), until: now() + alertClaimMs };
        for (const due of await store.push.dueApps({ time, takesOver })) {
          if (due.hasAlerts) await this.#inBackground(() => this.#alerts.take(due.app));
          if (due.hasDevices) await this.#inBackground(() => this.#walk(due.app, due));
        }
      } catch (error) {
        this.#takesOver ||= takesOver;
        throw error;
      }
      await this.#tidy();
    };
    void this.#work.add(this.#inBackground(() => this.#sweeps.run('', sweep)).finally(again));
  }

  /** Whether a push of a process that ended before this one may still arrive. */
  #mayEarlierPushArrive(): boolean {
    return this.#deps.clock.now() < this.#startedAt + this.#settings.lane.confirmMs;
  }

  /** Removes deleted apps and expired alerts, which would otherwise stay in a paused lane. */
  async #tidy(): Promise<void> {
    const apps = new Set((await this.#deps.store.apps.list()).map(({ id }) => id));
    this.#alerts.tidy(apps);
    if (!this.#mayEarlierPushArrive()) this.#ownRegistrations.clear();
    const ended = [...this.#lanes].filter(([, lane]) => !apps.has(lane.app));
    for (const [key, lane] of ended) {
      lane.close();
      this.#lanes.delete(key);
    }
    for (const lane of this.#lanes.values()) lane.tidy();
    for (const pace of [...this.#paces.values(), this.#quietPace]) pace.tidy(this.#deps.clock.now());
    for (const [, { app, platform }] of ended) await this.#transports.renew(app, platform);
  }

  #lane(app: string, platform: Platform): Lane {
    const key = laneKey(app, platform);
    const lane =
      this.#lanes.get(key) ??
      new Lane(app, platform, {
        ...this.#deps,
        // A push that ends once the store is closing was not settled: the next start sends it again.
        onError: (error) => {
          if (!this.#isClosed) this.#deps.onError(error);
        },
        transports: this.#transports,
        startedAt: this.#startedAt,
        ownRegistrations: this.#ownRegistrations,
        settings: { ...this.#settings.lane, breaker: this.#settings.breaker },
        gatherMs: this.#settings.coalesceMs,
        pace: this.#pace(platform),
        quietPace: this.#quietPace,
        track: (work) => void this.#work.add(work),
      });
    this.#lanes.set(key, lane);
    if (this.#isClosed) lane.close();
    return lane;
  }

  #pace(platform: Platform): DevicePace | undefined {
    const { badgePace } = capabilities[platform];
    if (badgePace === undefined) return undefined;
    const pace = this.#paces.get(platform) ?? new DevicePace(this.#settings.badgePace ?? badgePace);
    this.#paces.set(platform, pace);
    return pace;
  }

  async #inBackground(work: () => Promise<void>): Promise<void> {
    if (this.#isClosed) return;
    await this.#work.add(work()).catch((error: unknown) => {
      if (!this.#isClosed) this.#deps.onError(error);
    });
  }
}

function laneKey(app: string, platform: Platform): string {
  return `${app} ${platform}`;
}

/** Whether the device needs a push without an alert. */
function isWrong({ isUnregistering, badge, accepted, target }: DeviceWithBadge): boolean {
  if (isUnregistering) return true;
  return capabilities[target.platform].badgeOnly && badge !== null && badge !== accepted;
}
