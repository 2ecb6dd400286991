/**
 * The registrations that this process accepted. A push of a process that ended before may still arrive at any other device,
 * for a while after the start. Times of day would not tell them apart: the clock may have been set in between.
 */
import type { Device } from '../store/push_port.js';

type Registration = Pick<Device, 'id' | 'registeredAt'>;

export class OwnRegistrations {
  readonly #registeredAt = new Map<string, number>();

  add(app: string, { id, registeredAt }: Registration): void {
    this.#registeredAt.set(keyOf(app, id), registeredAt);
  }

  has(app: string, { id, registeredAt }: Registration): boolean {
    return this.#registeredAt.get(keyOf(app, id)) === registeredAt;
  }

  clear(): void {
    this.#registeredAt.clear();
  }
}

function keyOf(app: string, device: string): string {
  return `${app} ${device}`;
}
