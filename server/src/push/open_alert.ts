/** An alert of the outbox that is being sent: to which devices it still goes. */
import type { OutboxAlert } from '../store/push_port.js';
import { type Notification, renderFor } from './render.js';
import type { Alert } from './transport/alert.js';

export class OpenAlert {
  readonly app: string;
  readonly id: number;
  readonly expiresAt: number;
  readonly #notification: Notification;
  /** The devices that are not done with it, and the user that each belonged to when the alert was meant for it. */
  readonly #open = new Map<string, string>();
  readonly #onComplete: (alert: OpenAlert) => void;
  #state: 'expanding' | 'expanded' | 'complete' = 'expanding';

  constructor({ app, id, content }: OutboxAlert, onComplete: (alert: OpenAlert) => void) {
    this.app = app;
    this.id = id;
    this.expiresAt = content.expiresAt;
    this.#notification = JSON.parse(content.notification);
    this.#onComplete = onComplete;
  }

  get isComplete(): boolean {
    return this.#state === 'complete';
  }

  /** How many devices it still goes to. */
  get waiting(): number {
    return this.#open.size;
  }

  /** The user it is for on this device, and what it shows them; undefined if it has nothing to show there. */
  shownOn(device: string): { readonly user: string; readonly alert: Alert } | undefined {
    const user = this.#open.get(device);
    const alert = user === undefined ? undefined : renderFor(this.#notification, user);
    return user === undefined || alert === undefined ? undefined : { user, alert };
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
    if (this.#state === 'expanding') this.#state = 'expanded';
    this.#check();
  }

  /** It is of no use to any device any more. */
  expire(): void {
    this.#open.clear();
    this.expanded();
  }

  #check(): void {
    if (this.#state !== 'expanded' || this.#open.size > 0) return;
    this.#state = 'complete';
    this.#onComplete(this);
  }
}
