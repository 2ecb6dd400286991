/** Settles pushes with the store, those that end at the same time in one call. */
import type { DeviceState, PushStore, Settlement } from '../store/push_port.js';

interface Waiting {
  readonly settlement: Settlement;
  readonly resolve: (state: DeviceState) => void;
  readonly reject: (error: unknown) => void;
}

export class Settlements {
  readonly #app: string;
  readonly #store: Pick<PushStore, 'settle'>;
  readonly #now: () => number;
  #waiting: Waiting[] = [];
  #flushing: Promise<void> | undefined;

  constructor(app: string, store: Pick<PushStore, 'settle'>, now: () => number) {
    this.#app = app;
    this.#store = store;
    this.#now = now;
  }

  /** Resolves to the device's state afterwards, once it is durable. Pushes that end during a call share the next one. */
  add(settlement: Settlement): Promise<DeviceState> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ settlement, resolve, reject });
      this.#flushing ??= this.#flush();
    });
  }

  async #flush(): Promise<void> {
    // Lets pushes that end in the same moment join this call.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#settle(this.#waiting.splice(0));
    this.#flushing = undefined;
  }

  async #settle(batch: readonly Waiting[]): Promise<void> {
    const settlements = batch.map(({ settlement }) => settlement);
    try {
      const states = await this.#store.settle(this.#app, settlements, this.#now());
      for (const [index, { resolve }] of batch.entries()) resolve(states[index] ?? 'gone');
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  }
}
