/** Push delivery as the rest of the service sees it: the dispatcher at work, the providers behind it, and a test push. */
import type { Platform, PushTarget } from '../push_target.js';
import type { Store } from '../store/port.js';
import type { Device } from '../store/push_port.js';
import { type Clock, monotonicClock, pause } from './clock.js';
import { Dispatcher, type DispatcherSettings, type RestingLane } from './dispatcher.js';
import { OpenAlert } from './open_alert.js';
import { type Pushed, pushOnce } from './push_once.js';
import type { OpenSender, Sender } from './sender.js';
import type { Verdict } from './transport/verdict.js';

/** What delivery asks of the providers. */
export interface Providers {
  readonly openSender: OpenSender;
  /** Why no push can go there, as a clause; undefined if it can. */
  targetProblem(target: PushTarget): string | undefined;
  newVapidKeys(): VapidKeys;
}

interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

export interface DeliveryParts {
  readonly store: Store;
  readonly providers: Providers;
  readonly now: () => number;
  /** Default: the process's own. */
  readonly clock?: Clock;
  readonly settings?: Partial<DispatcherSettings>;
  readonly onError: (error: unknown) => void;
}

export type Tested =
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'answered';
      readonly verdict: Verdict['kind'];
      readonly reason: string | null;
      readonly badge: number | null;
    };

/** How often, and how many times, a test push waits for one that is under way. */
const patienceMs = 100;
const attempts = 30;
const testExpiryMs = 60_000;

export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #clock: Clock;
  readonly #dispatcher: Dispatcher;

  constructor(parts: DeliveryParts) {
    this.#parts = parts;
    const { store, providers, now, clock = monotonicClock, settings, onError } = parts;
    this.#clock = clock;
    this.#dispatcher = new Dispatcher({
      store,
      openSender: providers.openSender,
      clock,
      now,
      ...(settings !== undefined && { settings }),
      // Counted where they are sent, which knows whether they were only logged.
      onOutcome: () => {},
      onError,
    });
  }

  start(): void {
    this.#dispatcher.start();
  }

  close(): Promise<void> {
    return this.#dispatcher.close();
  }

  get resting(): readonly RestingLane[] {
    return this.#dispatcher.resting;
  }

  targetProblem(target: PushTarget): string | undefined {
    return this.#parts.providers.targetProblem(target);
  }

  newVapidKeys(): VapidKeys {
    return this.#parts.providers.newVapidKeys();
  }

  deviceChanged(app: string, device: Device): void {
    this.#dispatcher.deviceChanged(app, device);
  }

  credentialsChanged(app: string, platform: Platform): Promise<void> {
    return this.#dispatcher.credentialsChanged(app, platform);
  }

  /** Over connections of its own: a pool that rests, or that others fill, would say nothing of the credentials. */
  async test(app: string, device: Device, alert: { title: string; text: string }): Promise<Tested> {
    const sender = await this.#parts.providers.openSender(app, device.target.platform);
    try {
      return await this.#test(sender, app, device, alert);
    } finally {
      await sender.close();
    }
  }

  async #test(sender: Sender, app: string, device: Device, alert: object): Promise<Tested> {
    const content = {
      notification: JSON.stringify(alert),
      expiresAt: this.#parts.now() + testExpiryMs,
    };
    const audience = { kind: 'users', users: [device.user] } as const;
    // It is in no outbox: nobody but this call waits for it.
    const open = new OpenAlert({ app, id: 0, audience, content, settled: new Set() }, () => {});
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const pushed = await pushOnce(this.#parts, sender, {
        app,
        id: device.id,
        alert: open,
        refused: undefined,
      });
      if (pushed.kind === 'sent') return this.#settle(app, pushed);
      if (pushed.kind !== 'busy') break;
      await pause(this.#clock, patienceMs);
    }
    return { kind: 'busy' };
  }

  /** What became of it is written down as of any push, and the dispatcher corrects what is left to correct. */
  async #settle(app: string, pushed: Extract<Pushed, { kind: 'sent' }>): Promise<Tested> {
    const { device, badge, outcome } = pushed;
    const { verdict } = outcome;
    const accepted = verdict.kind === 'delivered' ? badge : null;
    const settlement = { device: device.id, registeredAt: device.registeredAt, accepted };
    await this.#parts.store.push.end(app, [settlement], this.#parts.now());
    this.#dispatcher.deviceChanged(app, device);
    const reason = verdict.kind === 'delivered' ? null : verdict.reason;
    return { kind: 'answered', verdict: verdict.kind, reason, badge };
  }
}
