/** Push delivery: puts the dispatcher, the providers and test pushes together behind one interface. */
import type { Platform, PushTarget } from '../push_target.js';
import type { Store } from '../store/port.js';
import type { Claim, Device } from '../store/push_port.js';
import { type ClaimedDevice, claimMs, deliveryOf, settlementOf } from './claimed_push.js';
import { type Clock, monotonicClock, pause } from './clock.js';
import { Dispatcher, type DispatcherSettings, type PausedLane } from './dispatcher.js';
import type { OpenTransport, OpenTransportFor } from './open_transports.js';
import type { Alert } from './transport/alert.js';
import type { Verdict } from './transport/verdict.js';

/** What delivery needs of the providers. */
export interface Providers {
  readonly openTransport: OpenTransportFor;
  /** Why no push can be sent there, as a clause; undefined if it can. */
  targetProblem(target: PushTarget): string | undefined;
  newVapidKeys(): VapidKeys;
}

interface VapidKeys {
  readonly publicKey: string;
  readonly privateKey: string;
}

export interface DeliveryDeps {
  readonly store: Store;
  readonly providers: Providers;
  readonly now: () => number;
  /** Default: the process's own. */
  readonly clock?: Clock;
  readonly settings?: Partial<DispatcherSettings>;
  readonly onError: (error: unknown) => void;
}

export type TestResult =
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'sent';
      readonly verdict: Verdict['kind'];
      readonly reason: string | null;
      readonly badge: number | null;
    };

/** How often, and how many times, a test push waits for one that is in flight. */
const busyDelayMs = 100;
const attempts = 30;
const testExpiryMs = 60_000;

export class Delivery {
  readonly #deps: DeliveryDeps;
  readonly #clock: Clock;
  readonly #dispatcher: Dispatcher;

  constructor(deps: DeliveryDeps) {
    this.#deps = deps;
    const { store, providers, now, clock = monotonicClock, settings, onError } = deps;
    this.#clock = clock;
    this.#dispatcher = new Dispatcher({
      store,
      openTransport: providers.openTransport,
      clock,
      now,
      ...(settings !== undefined && { settings }),
      // Pushes are counted where they are sent: only there is it decided whether they are just logged.
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

  get paused(): readonly PausedLane[] {
    return this.#dispatcher.paused;
  }

  targetProblem(target: PushTarget): string | undefined {
    return this.#deps.providers.targetProblem(target);
  }

  newVapidKeys(): VapidKeys {
    return this.#deps.providers.newVapidKeys();
  }

  /** How many devices of the platform are held back by their pace. */
  heldBack(platform: Platform): number {
    return this.#dispatcher.heldBack(platform);
  }

  /** Until when the device's newest number is held back by its pace, as a time of day; undefined if it is not. */
  heldBackUntil(app: string, device: Device): number | undefined {
    return this.#dispatcher.heldBackUntil(app, device);
  }

  deviceChanged(app: string, device: Device): void {
    this.#dispatcher.deviceChanged(app, device);
  }

  credentialsChanged(app: string, platform: Platform): Promise<void> {
    return this.#dispatcher.credentialsChanged(app, platform);
  }

  /** Uses its own connections: with those of a paused or busy lane, the result would not test the credentials. */
  async test(app: string, device: Device, alert: { title: string; text: string }): Promise<TestResult> {
    const transport = await this.#deps.providers.openTransport(app, device.target.platform);
    try {
      for (let attempt = 0; attempt < attempts; attempt += 1) {
        const claim = await this.#claim(app, device);
        if (claim.kind === 'claimed') return await this.#send(transport, app, claim, alert);
        if (claim.kind !== 'busy') break;
        await pause(this.#clock, busyDelayMs);
      }
      return { kind: 'busy' };
    } finally {
      await transport.close();
    }
  }

  async #claim(app: string, { id, user, target: { platform } }: Device): Promise<Claim> {
    const { store, now } = this.#deps;
    const wanted = { device: id, platform, takesBadgeAlone: false, alertFor: user };
    const [claim] = await store.push.claimDevices(app, [wanted], { now: now(), until: now() + claimMs });
    return claim ?? { kind: 'gone' };
  }

  /** The outcome is stored like that of any push. If the device is still wrong, the dispatcher sends another push. */
  async #send(
    transport: OpenTransport,
    app: string,
    claim: ClaimedDevice,
    alert: Alert,
  ): Promise<TestResult> {
    const { store, now } = this.#deps;
    const shown = { alert, expiresAt: now() + testExpiryMs };
    const outcome = await transport.deliver(deliveryOf(claim, shown), now());
    const settlement = settlementOf(claim, outcome, { alert: undefined, isBelieved: true });
    await store.push.settle(app, [settlement], now());
    this.#dispatcher.refreshDevice(app, claim.device);
    const { verdict } = outcome;
    const reason = verdict.kind === 'delivered' ? null : verdict.reason;
    return { kind: 'sent', verdict: verdict.kind, reason, badge: claim.badge };
  }
}
