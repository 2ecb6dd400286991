/**
 * The pushes of one app over one transport: at most one in flight for each device, a bounded number in all, retries
 * with back-off. Newer supersedes older for the number, since each push computes it anew; the alerts of one device go
 * one after the other. lane_state.ts decides what a device's events mean; this file executes it.
 */
import type { Platform } from '../push_target.js';
import { Breaker, type BreakerEvent, type BreakerLimits, type Pause } from './breaker.js';
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

  /** The device may not have the right number, or is to get an alert. */
  want(id: string, alert?: OpenAlert): void {
    if (this.#isClosed) return;
    const device = this.#devices.get(id) ?? new LaneDevice(id);
    this.#devices.set(id, device);
    if (alert !== undefined) device.add(alert);
    this.#on(device, { type: 'wanted' });
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

  #on(device: LaneDevice, event: LaneEvent): void {
    const { state, effects } = laneTransition(device.state, event);
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
    const batch = [...this.#ready].slice(0, Math.max(0, room));
    for (const device of batch) {
      this.#ready.delete(device);
      this.#on(device, { type: 'started' });
    }
    if (batch.length > 0) {
      this.#inFlight += batch.length;
      this.#deps.track(this.#pushes.send(batch));
    }
    this.#wakeAfterPause();
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

/** Any verdict shows that the provider is up, unless it did not respond or refused our credentials. */
function breakerEvent(verdict: Verdict, now: number): BreakerEvent {
  switch (verdict.kind) {
    case 'retry':
      return { type: 'failure', kind: 'unreachable', reason: verdict.reason, now };
    case 'misconfigured':
      return { type: 'failure', kind: 'misconfigured', reason: verdict.reason, now };
    case 'delivered':
    case 'rejected':
    case 'gone':
      return { type: 'success' };
  }
}
