/** An alert of the outbox that is being sent, with the devices that it still has to reach. */
import type { OutboxAlert } from '../store/push_port.js';
import { type Notification, renderFor } from './render.js';
import type { Alert } from './transport/alert.js';

export class OpenAlert {
  readonly app: string;
  readonly id: number;
  readonly expiresAt: number;
  readonly #notification: Notification;
  /** The devices that still wait for it, each with its user at the time when the device was added. */
  readonly #open = new Map<string, string>();
  readonly #onComplete: (alert: OpenAlert) => void;
  #state: 'expanding' | 'expanded' | 'complete' | 'abandoned' = 'expanding';

  constructor({ app, id, content }: OutboxAlert, onComplete: (alert: OpenAlert) => void) {
    this.app = app;
    this.id = id;
    this.expiresAt = content.expiresAt;
    this.#notification = JSON.parse(content.notification);
    this.#onComplete = onComplete;
  }

  /** Nothing of it is to be sent any more. */
  get isComplete(): boolean {
    return this.#state === 'complete' || this.#state === 'abandoned';
  }

  /** Another server sends it: what it still has to reach is not settled here. */
  get isAbandoned(): boolean {
    return this.#state === 'abandoned';
  }

  /** How many devices still wait for it. */
  get waiting(): number {
    return this.#open.size;
  }

  /** The user of the alert on this device, and the alert for that user; undefined if it has nothing to show there. */
  shownOn(device: string): { readonly user: string; readonly alert: Alert } | undefined {
    const user = this.#open.get(device);
    const alert = user === undefined ? undefined : renderFor(this.#notification, user);
    return user === undefined || alert === undefined ? undefined : { user, alert };
  }

  add(device: string, user: string): void {
    this.#open.set(device, user);
  }

  /** The device no longer waits for it. */
  settle(device: string): void {
    this.#open.delete(device);
    this.#check();
  }

  /** All its devices have been added. */
  expanded(): void {
    if (this.#state === 'expanding') this.#state = 'expanded';
    this.#check();
  }

  /** It has expired for all devices. */
  expire(): void {
    this.#open.clear();
    this.expanded();
  }

  abandon(): void {
    if (this.#state === 'complete') return;
    this.#open.clear();
    this.#state = 'abandoned';
  }

  #check(): void {
    if (this.#state !== 'expanded' || this.#open.size > 0) return;
    this.#state = 'complete';
    this.#onComplete(this);
  }
}
