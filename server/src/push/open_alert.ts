/** An alert of the outbox that is being sent: whom it still goes to. */
import type { OutboxAlert } from '../store/push_port.js';
import { type Notification, renderFor } from './render.js';
import type { Alert } from './transport/alert.js';

export class OpenAlert {
  readonly app: string;
  readonly id: number;
  readonly expiresAt: number;
  readonly #notification: Notification;
  /** The devices that are not done with it, and whose each was when it was meant. */
  readonly #open = new Map<string, string>();
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

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** How many devices it still goes to. */
  get waiting(): number {
    return this.#open.size;
  }

  /** Undefined where it has nothing to show on the device: there is nothing, or somebody else has it now. */
  renderFor(device: string, user: string): Alert | undefined {
    const meant = this.#open.get(device) ?? user;
    return meant === user ? renderFor(this.#notification, user) : undefined;
  }

  add(device: string, user: string): void {
    this.#open.set(device, user);
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

  /** It is of no use to any device any more. */
  expire(): void {
    this.#open.clear();
    this.expanded();
  }

  #check(): void {
    if (!this.#isExpanded || this.#isComplete || this.#open.size > 0) return;
    this.#isComplete = true;
    this.#onComplete(this);
  }
}
