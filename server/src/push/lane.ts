/**
 * The pushes of one app over one transport: at most one in flight for each device, a bounded number in all, retries
 * with back-off, and a pace for each device. Newer supersedes older for the number, since each push computes it anew;
 * the alerts of one device go one after the other. lane_state.ts decides what a device's events mean; this file executes it.
 */
import type { Platform } from '../push_target.js';
import { Breaker, type BreakerEvent, type BreakerLimits, type Pause } from './breaker.js';
import type { DevicePace } from './device_pace.js';
import { LaneDevice } from './lane_device.js';
import { type LaneEffect, type LaneEvent, laneTransition } from './lane_state.js';
import type { OpenAlert } from './open_alert.js';
import { type PushDeps, Pushes, type PushSettings } from './pushes.js';
import type { Verdict } from './transport/verdict.js';

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
  /** Receives all running work, so that its end can be awaited. */
  readonly track: (work: Promise<void>) => void;
}

export class Lane {
  readonly app: string;
  readonly platform: Platform;
  readonly #deps: LaneDeps;
  readonly #breaker: Breaker;
  readonly #devices = new Map<string, LaneDevice>();
  /** The queue. */
  readonly #ready = new Set<LaneDevice>();
  readonly #pushes: Pushes;
  #inFlight = 0;
  #heldBack = 0;
  #pumping: Promise<void> | undefined;
  #cancelWake: (() => void) | undefined;
  #isClosed = false;

  constructor(app: string, platform: Platform, deps: LaneDeps) {
    this.app = app;
    this.platform = platform;
    this.#deps = deps;
    this.#breaker = new Breaker(deps.settings.breaker);
    this.#pushes = new Pushes(app, platform, deps, {
      onEvent: (device, event) => this.#on(device, event),
      onEnd: (device, event) => this.#end(device, event),
      onBadgeAlone: (device) => deps.pace?.take(this.#paceKey(device.id), deps.clock.now()),
      onVerdict: (verdict) => this.#breaker.on(breakerEvent(verdict, deps.clock.now())),
    });
  }

  /** Undefined while it sends. Its times are times of day. */
  get pause(): Pause | undefined {
    const { pause } = this.#breaker;
    const offset = this.#deps.now() - this.#deps.clock.now();
    return pause && { ...pause, since: pause.since + offset, pausedUntil: pause.pausedUntil + offset };
  }

  /** To be called regularly. Drops what is no longer needed. */
  tidy(): void {
    this.#pushes.tidy();
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

  /** The device is to get an alert. */
  sendAlert(id: string, alert: OpenAlert): void {
    const device = this.#device(id);
    device.add(alert);
    this.#on(device, { type: 'urgent' });
  }

  /** The device may not have the right number. */
  want(id: string, isUnregistering: boolean): void {
    const device = this.#device(id);
    device.isUnregistering = isUnregistering;
    this.#on(device, { type: isUnregistering ? 'urgent' : 'wanted' });
  }

  /** The credentials changed, so earlier refusals no longer count. */
  renew(): void {
    this.#breaker.on({ type: 'renewed' });
    for (const device of [...this.#devices.values()]) this.#on(device, { type: 'renewed' });
    this.#pumpSoon();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelWake?.();
    for (const device of [...this.#devices.values()]) this.#on(device, { type: 'closed' });
    this.#devices.clear();
    this.#ready.clear();
  }

  #device(id: string): LaneDevice {
    const known = this.#devices.get(id);
    if (known !== undefined) return known;
    const device = new LaneDevice(id);
    if (this.#isClosed) this.#on(device, { type: 'closed' });
    else this.#devices.set(id, device);
    return device;
  }

  /** Apps share the paces of a platform. */
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
        this.#ready.add(device);
        this.#pumpSoon();
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

  /** Devices that become ready in the same moment are claimed together. */
  #pumpSoon(): void {
    if (this.#pumping !== undefined) return;
    this.#pumping = Promise.resolve().then(() => {
      this.#pumping = undefined;
      this.#pump();
    });
    this.#deps.track(this.#pumping);
  }

  #pump(): void {
    if (this.#isClosed) return;
    const room = this.#breaker.allowed(this.#deps.clock.now()) - this.#inFlight;
    const batch: LaneDevice[] = [];
    for (const device of this.#ready) {
      if (batch.length >= room) break;
      this.#ready.delete(device);
      const delayMs = this.#holdBackMs(device);
      this.#on(device, delayMs > 0 ? { type: 'held_back', delayMs } : { type: 'started' });
      if (delayMs <= 0) batch.push(device);
    }
    if (batch.length > 0) {
      this.#inFlight += batch.length;
      this.#deps.track(this.#pushes.send(batch));
    }
    this.#wakeAfterPause();
  }

  /** How long the device has to wait for its pace. */
  #holdBackMs(device: LaneDevice): number {
    const { pace, clock } = this.#deps;
    if (pace === undefined || device.isUrgent) return 0;
    return pace.readyAt(this.#paceKey(device.id), clock.now()) - clock.now();
  }

  /** While a half-open breaker has its one push in flight, the end of that push continues the queue. */
  #wakeAfterPause(): void {
    const { pause } = this.#breaker;
    if (pause === undefined || this.#ready.size === 0 || this.#cancelWake !== undefined) return;
    const { clock } = this.#deps;
    if (this.#inFlight > 0 && pause.pausedUntil <= clock.now()) return;
    const wake = () => {
      this.#cancelWake = undefined;
      this.#pumpSoon();
    };
    this.#cancelWake = clock.setTimeout(wake, Math.max(10, pause.pausedUntil - clock.now()));
  }

  /** Makes room for another push. */
  #end(device: LaneDevice, event: LaneEvent): void {
    this.#inFlight -= 1;
    const isOver = event.type === 'finished' || event.type === 'accepted_in_doubt';
    // An alert that has just arrived need not wait until the number is sent once more.
    this.#on(device, isOver && device.hasAlerts ? { type: 'more' } : event);
    this.#pumpSoon();
  }
}

/**
 * Only what is about the provider or our credentials pauses the lane. Any other verdict shows that the provider is up
 * and took our credentials: also one that refuses this device, or asks to leave it alone for a while.
 */
function breakerEvent(verdict: Verdict, now: number): BreakerEvent {
  const isFailure = verdict.kind === 'retry' || verdict.kind === 'misconfigured';
  if (!isFailure || verdict.about === 'device') return { type: 'success' };
  const kind = verdict.kind === 'retry' ? 'unreachable' : 'misconfigured';
  return { type: 'failure', kind, reason: verdict.reason, now };
}
