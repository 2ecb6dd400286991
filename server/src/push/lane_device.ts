/** One device in its lane: its state, the alerts that wait for it, and its timer. */
import { idle, type LaneState } from './lane_state.js';
import type { OpenAlert } from './open_alert.js';

export class LaneDevice {
  readonly id: string;
  /** Which provider serves it; see lane_queue.ts. */
  provider: string;
  /** The provider in whose queue it is, or was when its push began. */
  queuedAt = '';
  state: LaneState = idle;
  cancelTimer: (() => void) | undefined;
  /** It is to get a last 0. */
  isUnregistering = false;
  /** All that it is to get came to many devices together: others go first. */
  isBulk = true;
  readonly #alerts: OpenAlert[] = [];

  constructor(id: string, provider: string) {
    this.id = id;
    this.provider = provider;
  }

  get hasAlerts(): boolean {
    return this.#alerts.length > 0;
  }

  /** Whether what it is to get does not wait for its pace. */
  get isUrgent(): boolean {
    return this.hasAlerts || this.isUnregistering;
  }

  /** Drops alerts that are complete. There may be many if the device was out of reach for long. */
  add(alert: OpenAlert): void {
    while (this.#alerts[0]?.isComplete === true) this.#alerts.shift();
    this.#alerts.push(alert);
  }

  /** The oldest alert that has not expired. Expired ones are settled without being sent. */
  nextAlert(now: number): OpenAlert | undefined {
    for (const over of this.#alerts.filter((alert) => alert.expiresAt <= now || alert.isAbandoned))
      this.doneWith(over);
    return this.#alerts[0];
  }

  doneWith(alert: OpenAlert | undefined): void {
    const index = alert === undefined ? -1 : this.#alerts.indexOf(alert);
    if (index >= 0) this.#alerts.splice(index, 1);
    alert?.settle(this.id);
  }

  doneWithAll(): void {
    for (const alert of this.#alerts.splice(0)) alert.settle(this.id);
  }
}
