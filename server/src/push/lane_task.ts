/** What a lane has to do for one device: to bring it the number, and its alerts. */
import type { OpenAlert } from './open_alert.js';

export class LaneTask {
  readonly device: string;
  readonly alerts: OpenAlert[] = [];
  attempts = 0;
  isUnderWay = false;
  /** Cancels the timer that it waits for. */
  cancelTimer: (() => void) | undefined;
  /** What it accepts before this time is not believed; 0 if there is no doubt. */
  doubtUntil = 0;
  /** The timer is for saying it once more, not for trying again. */
  isConfirming = false;
  /** Asked for again while it was under way. */
  isWanted = false;

  constructor(device: string) {
    this.device = device;
  }

  get hasMore(): boolean {
    return this.isWanted || this.alerts.length > 0;
  }

  /** Those that are complete wait no longer; they may be many, where nobody has reached the device for long. */
  add(alert: OpenAlert): void {
    while (this.alerts[0]?.isComplete === true) this.alerts.shift();
    this.alerts.push(alert);
  }

  /** What has expired is done with, and not sent. */
  nextAlert(now: number): OpenAlert | undefined {
    for (const expired of this.alerts.filter(({ expiresAt }) => expiresAt <= now)) this.doneWith(expired);
    return this.alerts[0];
  }

  doneWith(alert: OpenAlert | undefined): void {
    const index = alert === undefined ? -1 : this.alerts.indexOf(alert);
    if (index >= 0) this.alerts.splice(index, 1);
    alert?.settle(this.device);
  }

  doneWithAll(): void {
    for (const alert of this.alerts.splice(0)) alert.settle(this.device);
  }
}
