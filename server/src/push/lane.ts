/**
 * The pushes of one app over one transport: at most one under way for each device, a bounded number in all,
 * retries with back-off. Newer supersedes older for the number, since each push computes it anew; alerts of
 * one device go one after the other.
 */
import type { Platform, PushTarget } from '../push_target.js';
import type { Store } from '../store/port.js';
import type { Device, Settlement } from '../store/push_port.js';
import { Breaker, type BreakerLimits, type Rest } from './breaker.js';
import type { Clock } from './clock.js';
import { LaneTask } from './lane_task.js';
import { OnTheWay } from './on_the_way.js';
import type { OpenAlert } from './open_alert.js';
import { type Pushed, pushOnce } from './push_once.js';
import type { Sender, Senders } from './sender.js';
import type { Verdict } from './transport/verdict.js';

export interface LaneSettings {
  readonly breaker: BreakerLimits;
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /**
   * A push that got no answer may yet be taken, after newer ones. What a device accepted within this time of
   * it is not believed, and is said once more after it.
   */
  readonly confirmMs: number;
  /** A device that leaves is forgotten after so many failed unregisterAttempts. */
  readonly unregisterAttempts: number;
}

export const defaultLaneSettings: Omit<LaneSettings, 'breaker'> = {
  firstRetryMs: 1_000,
  longestRetryMs: 600_000,
  confirmMs: 30_000,
  unregisterAttempts: 5,
};

/** The longest that a provider is left alone because it asks for it. A timer could not wait for a month. */
const longestPatienceMs = 86_400_000;

export interface LaneParts {
  readonly store: Store;
  readonly senders: Senders;
  readonly clock: Clock;
  /** The time of day. */
  readonly now: () => number;
  /** When this process began to send: what one that died sent before may yet arrive. */
  readonly started: { readonly timeOfDay: number; readonly clock: number };
  /** Told of the work that goes on. */
  readonly track: (work: Promise<void>) => void;
  readonly settings: LaneSettings;
  readonly onOutcome: (platform: Platform, verdict: Verdict) => void;
  /** A bug of ours; the push is tried again. */
  readonly onError: (error: unknown) => void;
}

export class Lane {
  readonly app: string;
  readonly platform: Platform;
  readonly #parts: LaneParts;
  readonly #breaker: Breaker;
  readonly #tasks = new Map<string, LaneTask>();
  readonly #ready = new Set<LaneTask>();
  /** The numbers that a device refused as payloads: not to be sent again and again. */
  readonly #refused = new Map<string, number | null>();
  readonly #onTheWay = new OnTheWay();
  #underWay = 0;
  #cancelWake: (() => void) | undefined;
  #isClosed = false;

  constructor(app: string, platform: Platform, parts: LaneParts) {
    this.app = app;
    this.platform = platform;
    this.#parts = parts;
    this.#breaker = new Breaker(parts.settings.breaker);
  }

  /** Its times are times of day. */
  get rest(): Rest | undefined {
    const { rest } = this.#breaker;
    const offset = this.#parts.now() - this.#parts.clock.now();
    return rest && { ...rest, since: rest.since + offset, until: rest.until + offset };
  }

  /** Now and then. */
  tidy(): void {
    this.#onTheWay.forgetBefore(this.#parts.clock.now());
  }

  /** The device may not have the right number, or is to get an alert. */
  want(device: string, alert?: OpenAlert): void {
    if (this.#isClosed) return;
    const task = this.#tasks.get(device) ?? new LaneTask(device);
    this.#tasks.set(device, task);
    if (alert !== undefined) task.add(alert);
    if (task.isUnderWay) task.isWanted = true;
    else if (task.isConfirming) this.#retryNow(task);
    else if (task.cancelTimer === undefined) this.#ready.add(task);
    this.#pump();
  }

  /** The credentials changed: what they were refused for says nothing any more. */
  renew(): void {
    this.#breaker.success();
    for (const task of this.#tasks.values()) if (task.cancelTimer !== undefined) this.#retryNow(task);
    this.#pump();
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelWake?.();
    for (const task of this.#tasks.values()) task.cancelTimer?.();
    this.#tasks.clear();
    this.#ready.clear();
  }

  #pump(): void {
    const now = this.#parts.clock.now();
    for (const task of this.#ready) {
      if (this.#underWay >= this.#breaker.allowed(now)) break;
      this.#ready.delete(task);
      this.#parts.track(this.#run(task));
    }
    const rest = this.#breaker.rest;
    if (rest === undefined || this.#ready.size === 0 || this.#cancelWake !== undefined || this.#isClosed)
      return;
    // The one that tries whether the provider is back will say so.
    if (this.#underWay > 0 && rest.until <= now) return;
    const again = () => {
      this.#cancelWake = undefined;
      this.#pump();
    };
    this.#cancelWake = this.#parts.clock.setTimeout(again, Math.max(10, rest.until - now));
  }

  async #run(task: LaneTask): Promise<void> {
    task.isUnderWay = true;
    task.isWanted = false;
    this.#underWay += 1;
    const retryMs = await this.#push(task).catch((error: unknown) => {
      this.#parts.onError(error);
      return this.#backOff(task);
    });
    this.#underWay -= 1;
    task.isUnderWay = false;
    if (this.#isClosed) return;
    // What came at the last moment need not wait until the number is said once more.
    if (retryMs !== null && !(task.isConfirming && task.hasMore)) this.#retryIn(task, retryMs);
    else if (task.hasMore || retryMs !== null) this.#retryNow(task);
    else this.#tasks.delete(task.device);
    this.#pump();
  }

  /** In how many milliseconds to try again; null if this push is done with. */
  async #push(task: LaneTask): Promise<number | null> {
    const startedAt = this.#parts.clock.now();
    const alert = task.nextAlert(this.#parts.now());
    const sender = await this.#parts.senders.get(this.app, this.platform);
    const pushed = await this.#pushOnce(task, sender, alert);
    switch (pushed.kind) {
      case 'busy':
        return this.#parts.settings.firstRetryMs;
      case 'absent':
        this.#refused.delete(task.device);
        task.doneWithAll();
        return null;
      case 'left':
        return this.#forget(task, pushed.device.registeredAt);
      case 'right':
        task.doneWith(alert);
        return null;
      case 'sent':
        this.#parts.onOutcome(this.platform, pushed.outcome.verdict);
        return this.#settle(task, alert, { ...pushed, startedAt });
    }
  }

  async #pushOnce(task: LaneTask, sender: Sender, alert: OpenAlert | undefined): Promise<Pushed> {
    const { app, platform } = this;
    let begun: PushTarget | undefined;
    const mayBegin = (target: PushTarget) => {
      const doubtUntil = this.#onTheWay.doubtUntil(target);
      if (!this.#onTheWay.begin(target)) return false;
      begun = target;
      task.doubtUntil = Math.max(task.doubtUntil, doubtUntil);
      return true;
    };
    const refused = this.#refused.get(task.device);
    try {
      const what = { app, id: task.device, alert, refused, platform, mayBegin };
      const pushed = await pushOnce(this.#parts, sender, what);
      if (pushed.kind === 'sent') this.#doubt(task, pushed);
      return pushed;
    } finally {
      if (begun !== undefined) this.#onTheWay.done(begun, task.doubtUntil, this.#parts.clock.now());
    }
  }

  /** Whether something else may yet arrive: this push, if it got no answer, or one of a process that died. */
  #doubt(task: LaneTask, { device, outcome }: Extract<Pushed, { kind: 'sent' }>): void {
    const { started, settings, clock } = this.#parts;
    const isUncertain = outcome.verdict.kind === 'retry' && outcome.verdict.isUncertain === true;
    if (isUncertain) task.doubtUntil = clock.now() + settings.confirmMs;
    else if (device.accepted === null && device.registeredAt < started.timeOfDay)
      task.doubtUntil = Math.max(task.doubtUntil, started.clock + settings.confirmMs);
  }

  async #settle(
    task: LaneTask,
    alert: OpenAlert | undefined,
    pushed: Extract<Pushed, { kind: 'sent' }> & { readonly startedAt: number },
  ): Promise<number | null> {
    const { device, outcome, badge, startedAt } = pushed;
    const { verdict } = outcome;
    const now = this.#parts.clock.now();
    const isDone = verdict.kind === 'delivered' || verdict.kind === 'rejected';
    const settlement: Settlement = {
      device: task.device,
      registeredAt: device.registeredAt,
      accepted: verdict.kind === 'delivered' && startedAt >= task.doubtUntil ? badge : null,
      ...movedTo(device, outcome.environment),
      ...(isDone && alert !== undefined && { alert: alert.id }),
    };
    await this.#parts.store.push.end(this.app, [settlement], this.#parts.now());
    if (isDone) task.doneWith(alert);
    switch (verdict.kind) {
      case 'delivered':
        this.#breaker.success();
        this.#refused.delete(task.device);
        task.attempts = 0;
        if (startedAt < task.doubtUntil) return this.#confirmIn(task, now);
        if (device.isUnregistering) return this.#forget(task, device.registeredAt);
        // The truth may have moved while the push was under way.
        task.isWanted = true;
        return null;
      case 'rejected':
        this.#breaker.success();
        if (device.isUnregistering) return this.#forget(task, device.registeredAt);
        this.#refuse(task, badge, alert);
        return null;
      case 'gone':
        this.#breaker.success();
        return this.#forget(task, verdict.sinceMs ?? device.registeredAt);
      case 'retry':
        this.#breaker.failure('unreachable', verdict.reason, now);
        if (device.isUnregistering && task.attempts >= this.#parts.settings.unregisterAttempts) {
          return this.#forget(task, device.registeredAt);
        }
        return Math.max(Math.min(verdict.afterMs ?? 0, longestPatienceMs), this.#backOff(task));
      case 'misconfigured':
        this.#breaker.failure('misconfigured', verdict.reason, now);
        return this.#backOff(task);
    }
  }

  /** A number that a device will not take is not sent again; after an alert, the number alone may be taken. */
  #refuse(task: LaneTask, badge: number | null, alert: OpenAlert | undefined): void {
    if (alert === undefined) this.#refused.set(task.device, badge);
    else task.isWanted = true;
  }

  /** Unless it registered after this time: then it is tried again, later. */
  async #forget(task: LaneTask, since: number): Promise<number | null> {
    const isForgotten = await this.#parts.store.push.forget(this.app, task.device, since);
    if (!isForgotten) return this.#backOff(task);
    this.#refused.delete(task.device);
    task.doneWithAll();
    return null;
  }

  #confirmIn(task: LaneTask, now: number): number | null {
    if (task.hasMore) return null;
    task.isConfirming = true;
    return Math.max(1, task.doubtUntil - now);
  }

  /** Between half and the whole of a time that doubles, so that many do not come back in the same instant. */
  #backOff(task: LaneTask): number {
    const { firstRetryMs, longestRetryMs } = this.#parts.settings;
    const longest = Math.min(longestRetryMs, firstRetryMs * 2 ** task.attempts);
    task.attempts += 1;
    return longest * (0.5 + Math.random() / 2);
  }

  #retryIn(task: LaneTask, delayMs: number): void {
    task.cancelTimer = this.#parts.clock.setTimeout(() => this.#retryNow(task), delayMs);
  }

  #retryNow(task: LaneTask): void {
    task.cancelTimer?.();
    task.cancelTimer = undefined;
    task.isConfirming = false;
    this.#ready.add(task);
    this.#pump();
  }
}

/** APNs may know a device in the other environment than it said. */
function movedTo(
  { target }: Device,
  environment: 'production' | 'development' | undefined,
): Pick<Settlement, 'target'> {
  if (target.platform !== 'apns' || environment === undefined || environment === target.environment)
    return {};
  return { target: { ...target, environment } };
}
