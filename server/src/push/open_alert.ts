/** An alert of the outbox that is being sent: whom it still goes to. */
import type { OutboxAlert } from '../store/push_port.js';
import { type Notification, renderFor } from './render.js';
import type { Alert } from './transport/alert.js';

export class OpenAlert {
  readonly app: string;
  readonly id: number;
  readonly expiresAt: number;
  readonly #notification: Notification;
  readonly #open = new Set<string>();
  readonly #onComplete: (alert: OpenAlert) => void;
  #isExpanded = false;
  #isComplete = false;

  constructor({ app, id, content }: OutboxAlert, onComplete: (alert: OpenAlert) => void) {
    this.app = app;
    this.id = id;
    this.expiresAt = content.expiresAt;
    this.#notification = JSON.parse(content.notification);
    this.#onComplete = onComplete;
  }

  /** Undefined where it has nothing to show this user. */
  renderFor(user: string): Alert | undefined {
    return renderFor(this.#notification, user);
  }

  add(device: string): void {
    this.#open.add(device);
  }

  /** The device is done with it. */
  settle(device: string): void {
    this.#open.delete(device);
    this.#check();
  }

  /** All the devices it goes to have been added. */
  expanded(): void {
    this.#isExpanded = true;
    this.#check();
  }

  #check(): void {
    if (!this.#isExpanded || this.#isComplete || this.#open.size > 0) return;
    this.#isComplete = true;
    this.#onComplete(this);
  }
}
