/**
 * The pushes of one app over one transport: at most one in flight for each device, a bounded number for each provider,
 * retries with back-off, and a pace for each device. Newer supersedes older for the number, since each push computes it anew;
 * the alerts of one device go one after the other. lane_state.ts decides what a device's events mean; this file executes it.
 */
import type { Platform, PushTarget } from '../push_target.js';
import type { Device } from '../store/push_port.js';
import type { BreakerLimits, Pause } from './breaker.js';
import type { DevicePace } from './device_pace.js';
import { LaneDevice } from './lane_device.js';
import { LaneQueue, providerOf } from './lane_queue.js';
import { type LaneEffect, type LaneEvent, laneTransition } from './lane_state.js';
import type { OpenAlert } from './open_alert.js';
import { type PushDeps, Pushes, type PushSettings } from './pushes.js';

export interface LaneSettings extends PushSettings {
  readonly breaker: BreakerLimits;
}

export const defaultLaneSettings: PushSettings = {
  firstRetryMs: 1_000,
  longestRetryMs: 600_000,
  confirmMs: 30_000,
  unregisterAttempts: 5,
};

export interface LaneDeps extends PushDeps {
  readonly settings: LaneSettings;
  /** How often a device may get its number alone; undefined for no limit. */
  readonly pace: DevicePace | undefined;
  /** Counts all pushes: a device beyond this pace lets others go first. */
  readonly quietPace: DevicePace;
  /** Receives all running work, so that its end can be awaited. */
  readonly track: (work: Promise<void>) => void;
}

type Addressed = Pick<Device, 'id' | 'target'>;
type Wanted = Pick<Device, 'id' | 'target' | 'isUnregistering'>;

export class Lane {
  readonly app: string;
  readonly platform: Platform;
  readonly #deps: LaneDeps;
  readonly #devices = new Map<string, LaneDevice>();
  /** By provider. */
  readonly #queues = new Map<string, LaneQueue>();
  readonly #pushes: Pushes;
  #heldBack = 0;
  #isClosed = false;

  constructor(app: string, platform: Platform, deps: LaneDeps) {
    this.app = app;
    this.platform = platform;
    this.#deps = deps;
    this.#pushes = new Pushes(app, platform, deps, {
      onEvent: (device, event) => this.#on(device, event),
      onEnd: (device, event) => this.#end(device, event),
      onBadgeAlone: (device) => deps.pace?.take(this.#paceKey(device.id), deps.clock.now()),
      onVerdict: (device, verdict) => this.#queues.get(device.queuedAt)?.responded(device, verdict),
    });
  }

  /** Of its providers that are paused, the one that is for the longest; undefined if none is. Times are times of day. */
  get pause(): Pause | undefined {
    const offset = this.#deps.now() - this.#deps.clock.now();
    let longest: Pause | undefined;
    for (const [provider, { pause }] of this.#queues) {
      if (pause === undefined || (longest !== undefined && longest.since <= pause.since + offset)) continue;
      const reason = this.#queues.size > 1 ? `${provider}: ${pause.reason}` : pause.reason;
      longest = { ...pause, reason, since: pause.since + offset, pausedUntil: pause.pausedUntil + offset };
    }
    return longest;
  }

  /** To be called regularly. Drops what is no longer needed. */
  tidy(): void {
    this.#pushes.tidy();
    for (const [provider, queue] of this.#queues) if (queue.isUnused) this.#queues.delete(provider);
  }

  /** How many devices wait for their pace. */
  get heldBack(): number {
    return this.#heldBack;
  }

  /** Until when the device waits for its pace, as a time of day; undefined if it does not. */
  heldBackUntil(id: string): number | undefined {
    const { clock, now, pace } = this.#deps;
    if (this.#devices.get(id)?.state.name !== 'held_back') return undefined;
    return pace && now() + Math.ceil(pace.readyAt(this.#paceKey(id), clock.now()) - clock.now());
  }

  /** Whether the device had a push a moment ago. */
  isChatty(id: string): boolean {
    const { clock, quietPace } = this.#deps;
    return quietPace.readyAt(this.#paceKey(id), clock.now()) > clock.now();
  }

  /** The device is to get an alert; with many others, if it is bulk. */
  sendAlert({ id, target }: Addressed, alert: OpenAlert, isBulk: boolean): void {
    const device = this.#device(id, target);
    device.add(alert);
    this.#on(device, { type: 'urgent' });
    this.#promote(device, isBulk);
  }

  /** The device may not have the right number; as many others, if it is bulk. */
  want({ id, target, isUnregistering }: Wanted, isBulk: boolean): void {
    const device = this.#device(id, target);
    device.isUnregistering = isUnregistering;
    this.#on(device, { type: isUnregistering ? 'urgent' : 'wanted' });
    this.#promote(device, isBulk);
  }

  /** The credentials changed, so earlier refusals no longer count. */
  renew(): void {
    for (const queue of this.#queues.values()) queue.renew();
    for (const device of [...this.#devices.values()]) this.#on(device, { type: 'renewed' });
  }

  close(): void {
    this.#isClosed = true;
    for (const queue of this.#queues.values()) queue.close();
    for (const device of [...this.#devices.values()]) this.#on(device, { type: 'closed' });
    this.#devices.clear();
  }

  #device(id: string, target: PushTarget): LaneDevice {
    const provider = providerOf(target);
    const known = this.#devices.get(id);
    if (known !== undefined) {
      known.provider = provider;
      return known;
    }
    const device = new LaneDevice(id, provider);
    if (this.#isClosed) this.#on(device, { type: 'closed' });
    else this.#devices.set(id, device);
    return device;
  }

  /** What is not bulk goes first, also if the device waits already. */
  #promote(device: LaneDevice, isBulk: boolean): void {
    if (isBulk || !device.isBulk) return;
    device.isBulk = false;
    if (device.state.name === 'ready') this.#queueOf(device).add(device);
  }

  /** All apps share a pace. Ids are unique in an app. */
  #paceKey(id: string): string {
    return `${this.app} ${id}`;
  }

  #on(device: LaneDevice, event: LaneEvent): void {
    const { state, effects } = laneTransition(device.state, event);
    if (device.state.name === 'held_back') this.#heldBack -= 1;
    if (state.name === 'held_back') this.#heldBack += 1;
    device.state = state;
    for (const effect of effects) this.#execute(device, effect);
  }

  #execute(device: LaneDevice, effect: LaneEffect): void {
    switch (effect.type) {
      case 'enqueue':
        this.#queueOf(device).add(device);
        return;
      case 'start_timer':
        device.cancelTimer = this.#deps.clock.setTimeout(
          () => this.#on(device, { type: 'timer' }),
          effect.delayMs,
        );
        return;
      case 'stop_timer':
        device.cancelTimer?.();
        return;
      case 'release':
        this.#devices.delete(device.id);
        return;
    }
  }

  /** The queue of the provider that serves the device now. */
  #queueOf(device: LaneDevice): LaneQueue {
    const { settings, clock, track } = this.#deps;
    const queue =
      this.#queues.get(device.provider) ??
      new LaneQueue({
        breaker: settings.breaker,
        clock,
        track,
        isChatty: ({ id }) => this.isChatty(id),
        admit: (ready) => this.#admit(ready),
        send: (batch, onClaimed) => track(this.#pushes.send(batch, onClaimed)),
      });
    this.#queues.set(device.provider, queue);
    device.queuedAt = device.provider;
    return queue;
  }

  /** Sends to it, unless it has to wait for its pace. */
  #admit(device: LaneDevice): boolean {
    const delayMs = this.#holdBackMs(device);
    this.#on(device, delayMs > 0 ? { type: 'held_back', delayMs } : { type: 'started' });
    if (delayMs > 0) return false;
    this.#deps.quietPace.take(this.#paceKey(device.id), this.#deps.clock.now());
    return true;
  }

  /** How long the device has to wait for its pace. */
  #holdBackMs(device: LaneDevice): number {
    const { pace, clock } = this.#deps;
    if (pace === undefined || device.isUrgent) return 0;
    return pace.readyAt(this.#paceKey(device.id), clock.now()) - clock.now();
  }

  /** Makes room for another push. */
  #end(device: LaneDevice, event: LaneEvent): void {
    const queue = this.#queues.get(device.queuedAt);
    const isOver =
      event.type === 'finished' || event.type === 'changed' || event.type === 'accepted_in_doubt';
    // An alert that has just arrived does not wait until the number is sent once more.
    this.#on(device, isOver && device.hasAlerts ? { type: 'more' } : event);
    queue?.ended(device);
  }
}
