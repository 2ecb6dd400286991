/**
 * The pushes of one app over one transport: at most one under way for each device, a bounded number in all,
 * retries with back-off. Newer supersedes older for the number, since each push computes it anew; alerts of
 * one device go one after the other.
 */
import type { Platform } from '../device_address.js';
import type { Store } from '../store/port.js';
import type { Device, Settlement } from '../store/push_port.js';
import { Breaker, type BreakerLimits, type Rest } from './breaker.js';
import type { OpenAlert } from './open_alert.js';
import { type Pushed, pushOnce } from './push_once.js';
import type { Senders } from './sender.js';
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
  /** A device that leaves is forgotten after so many failed farewells. */
  readonly farewells: number;
}

export const defaultLaneSettings: Omit<LaneSettings, 'breaker'> = {
  firstRetryMs: 1_000,
  longestRetryMs: 600_000,
  confirmMs: 30_000,
  farewells: 5,
};

export interface LaneParts {
  readonly store: Store;
  readonly senders: Senders;
  readonly now: () => number;
  readonly settings: LaneSettings;
  readonly onOutcome: (platform: Platform, verdict: Verdict) => void;
  /** A bug of ours; the push is tried again. */
  readonly onError: (error: unknown) => void;
}

interface Task {
  readonly device: string;
  readonly alerts: OpenAlert[];
  attempts: number;
  isUnderWay: boolean;
  timer: NodeJS.Timeout | undefined;
  /** What it accepts before this time is not believed; 0 if there is no doubt. */
  doubtUntil: number;
  /** The timer is for saying it once more, not for trying again. */
  isConfirming: boolean;
  /** Asked for again while it was under way. */
  isWanted: boolean;
}

export class Lane {
  readonly app: string;
  readonly platform: Platform;
  readonly #parts: LaneParts;
  readonly #breaker: Breaker;
  readonly #tasks = new Map<string, Task>();
  readonly #ready = new Set<Task>();
  /** The numbers that a device refused as payloads: not to be sent again and again. */
  readonly #refused = new Map<string, number | null>();
  #underWay = 0;
  #wake: NodeJS.Timeout | undefined;
  #isClosed = false;

  constructor(app: string, platform: Platform, parts: LaneParts) {
    this.app = app;
    this.platform = platform;
    this.#parts = parts;
    this.#breaker = new Breaker(parts.settings.breaker);
  }

  get rest(): Rest | undefined {
    return this.#breaker.rest;
  }

  get isIdle(): boolean {
    return this.#tasks.size === 0;
  }

  /** The device may not have the right number, or is to get an alert. */
  want(device: string, alert?: OpenAlert): void {
    if (this.#isClosed) return;
    const task = this.#tasks.get(device) ?? newTask(device);
    this.#tasks.set(device, task);
    if (alert !== undefined) task.alerts.push(alert);
    if (task.isUnderWay) task.isWanted = true;
    else if (task.isConfirming) this.#retryNow(task);
    else if (task.timer === undefined) this.#ready.add(task);
    this.#pump();
  }

  /** As `want`, for a device of which nobody knows what a process that died sent to it last. */
  wantDoubtful(device: string): void {
    if (this.#tasks.has(device) || this.#isClosed) return;
    this.#tasks.set(device, {
      ...newTask(device),
      doubtUntil: this.#parts.now() + this.#parts.settings.confirmMs,
    });
    this.want(device);
  }

  /** The credentials changed: what they were refused for says nothing any more. */
  renew(): void {
    this.#breaker.success();
    for (const task of this.#tasks.values()) if (task.timer !== undefined) this.#retryNow(task);
    this.#pump();
  }

  close(): void {
    this.#isClosed = true;
    clearTimeout(this.#wake);
    for (const task of this.#tasks.values()) clearTimeout(task.timer);
    this.#tasks.clear();
    this.#ready.clear();
  }

  #pump(): void {
    const now = this.#parts.now();
    for (const task of this.#ready) {
      if (this.#underWay >= this.#breaker.allowed(now)) break;
      this.#ready.delete(task);
      void this.#run(task);
    }
    const rest = this.#breaker.rest;
    if (rest === undefined || this.#ready.size === 0 || this.#wake !== undefined || this.#isClosed) return;
    this.#wake = setTimeout(
      () => {
        this.#wake = undefined;
        this.#pump();
      },
      Math.max(10, rest.until - now),
    );
    this.#wake.unref();
  }

  async #run(task: Task): Promise<void> {
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
    if (retryMs !== null) this.#retryIn(task, retryMs);
    else if (task.alerts.length > 0 || task.isWanted) this.#ready.add(task);
    else this.#tasks.delete(task.device);
    this.#pump();
  }

  /** In how many milliseconds to try again; null if this push is done with. */
  async #push(task: Task): Promise<number | null> {
    const alert = this.#nextAlert(task);
    const startedAt = this.#parts.now();
    const sender = await this.#parts.senders.get(this.app, this.platform);
    const what = { app: this.app, id: task.device, alert, refused: this.#refused.get(task.device) };
    const pushed = await pushOnce(this.#parts, sender, what);
    if (pushed.kind === 'busy') return this.#parts.settings.firstRetryMs;
    if (pushed.kind !== 'sent') {
      if (pushed.kind === 'absent') for (const open of task.alerts.splice(0)) open.settle(task.device);
      else this.#doneWith(task, alert);
      return null;
    }
    this.#parts.onOutcome(this.platform, pushed.outcome.verdict);
    return this.#settle(task, alert, { ...pushed, startedAt });
  }

  async #settle(
    task: Task,
    alert: OpenAlert | undefined,
    pushed: Extract<Pushed, { kind: 'sent' }> & { readonly startedAt: number },
  ): Promise<number | null> {
    const { device, outcome, badge, startedAt } = pushed;
    const { verdict } = outcome;
    const now = this.#parts.now();
    const isDone = verdict.kind === 'delivered' || verdict.kind === 'rejected';
    const settlement: Settlement = {
      device: task.device,
      registeredAt: device.registeredAt,
      accepted: verdict.kind === 'delivered' && startedAt >= task.doubtUntil ? badge : null,
      ...movedTo(device, outcome.environment),
      ...(isDone && alert !== undefined && { alert: alert.id }),
    };
    await this.#parts.store.push.end(this.app, [settlement], now);
    if (isDone) this.#doneWith(task, alert);
    switch (verdict.kind) {
      case 'delivered':
        this.#breaker.success();
        this.#refused.delete(task.device);
        task.attempts = 0;
        if (device.isLeaving) return this.#forget(task, device.registeredAt);
        if (startedAt < task.doubtUntil) return this.#confirmIn(task, now);
        // The truth may have moved while the push was under way.
        task.isWanted = true;
        return null;
      case 'rejected':
        this.#breaker.success();
        if (device.isLeaving) return this.#forget(task, device.registeredAt);
        this.#refuse(task, badge, alert);
        return null;
      case 'gone':
        this.#breaker.success();
        return this.#forget(task, verdict.sinceMs ?? device.registeredAt);
      case 'retry':
        this.#breaker.failure('unreachable', verdict.reason, now);
        if (verdict.isUncertain) task.doubtUntil = now + this.#parts.settings.confirmMs;
        if (device.isLeaving && task.attempts >= this.#parts.settings.farewells) {
          return this.#forget(task, device.registeredAt);
        }
        return Math.max(verdict.afterMs ?? 0, this.#backOff(task));
      case 'misconfigured':
        this.#breaker.failure('misconfigured', verdict.reason, now);
        return this.#backOff(task);
    }
  }

  /** A number that a device will not take is not sent again; after an alert, the number alone may be taken. */
  #refuse(task: Task, badge: number | null, alert: OpenAlert | undefined): void {
    if (alert === undefined) this.#refused.set(task.device, badge);
    else task.isWanted = true;
  }

  /** What has expired is done with, and not sent. */
  #nextAlert(task: Task): OpenAlert | undefined {
    const now = this.#parts.now();
    for (const expired of task.alerts.filter(({ expiresAt }) => expiresAt <= now))
      this.#doneWith(task, expired);
    return task.alerts[0];
  }

  #doneWith(task: Task, alert: OpenAlert | undefined): void {
    if (alert === undefined) return;
    task.alerts.splice(task.alerts.indexOf(alert), 1);
    alert.settle(task.device);
  }

  /** Unless it registered after this time: then it is tried again, later. */
  async #forget(task: Task, since: number): Promise<number | null> {
    const isForgotten = await this.#parts.store.push.forget(this.app, task.device, since);
    if (!isForgotten) return this.#backOff(task);
    this.#refused.delete(task.device);
    for (const open of task.alerts.splice(0)) open.settle(task.device);
    return null;
  }

  #confirmIn(task: Task, now: number): number | null {
    if (task.alerts.length > 0 || task.isWanted) return null;
    task.isConfirming = true;
    return Math.max(1, task.doubtUntil - now);
  }

  /** Between half and the whole of a time that doubles, so that many do not come back in the same instant. */
  #backOff(task: Task): number {
    const { firstRetryMs, longestRetryMs } = this.#parts.settings;
    const longest = Math.min(longestRetryMs, firstRetryMs * 2 ** task.attempts);
    task.attempts += 1;
    return longest * (0.5 + Math.random() / 2);
  }

  #retryIn(task: Task, delayMs: number): void {
    task.timer = setTimeout(() => this.#retryNow(task), delayMs);
    task.timer.unref();
  }

  #retryNow(task: Task): void {
    clearTimeout(task.timer);
    task.timer = undefined;
    task.isConfirming = false;
    this.#ready.add(task);
    this.#pump();
  }
}

function newTask(device: string): Task {
  return {
    device,
    alerts: [],
    attempts: 0,
    isUnderWay: false,
    timer: undefined,
    doubtUntil: 0,
    isConfirming: false,
    isWanted: false,
  };
}

/** APNs may know a device in the other environment than it said. */
function movedTo(
  { address }: Device,
  environment: 'production' | 'development' | undefined,
): Pick<Settlement, 'address'> {
  if (address.platform !== 'apns' || environment === undefined || environment === address.environment)
    return {};
  return { address: { ...address, environment } };
}
