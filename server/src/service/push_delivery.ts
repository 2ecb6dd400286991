/** The port of push delivery, as the use cases call it. compose.ts supplies the implementation. */
import type { Platform, PushTarget } from '../push_target.js';
import type { PauseKind, VerdictKind } from '../push_verdict.js';
import type { Device } from '../store/push_port.js';

export interface PushDelivery {
  /** Why no push can be sent to this target, as a clause; undefined if it can. */
  targetProblem(target: PushTarget): string | undefined;
  newVapidKeys(): { readonly publicKey: string; readonly privateKey: string };
  /** The device was registered or unregistered: it gets a push at once. */
  deviceChanged(app: string, device: Device): void;
  credentialsChanged(app: string, platform: Platform): Promise<void>;
  /**
   * Until when the device's newest number is held back, because its provider would delay it; a time of day. Undefined if
   * it is not.
   */
  heldBackUntil(app: string, device: Device): number | undefined;
  /** The apps and platforms whose pushes are paused, because a provider does not respond or refuses the credentials. */
  readonly paused: readonly PausedTransport[];
  /** Sends one push at once, with the current badge. */
  test(app: string, device: Device, alert: TestAlert): Promise<TestedPush>;
}

/** One app's pushes over one platform. Times are in milliseconds since 1970. */
export interface PausedTransport {
  readonly app: string;
  readonly platform: Platform;
  readonly kind: PauseKind;
  readonly reason: string;
  /** When the first of the failures was. */
  readonly since: number;
  /** When the provider is tried again. */
  readonly pausedUntil: number;
}

export interface TestAlert {
  readonly title: string;
  readonly text: string;
}

export type TestedPush =
  /** Another push to the device was in flight the whole time. */
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'sent';
      readonly verdict: VerdictKind;
      readonly reason: string | null;
      readonly badge: number | null;
    };

/** For a service that only counts: devices are stored, and nothing is sent. */
export const noDelivery: PushDelivery = {
  targetProblem: () => 'this service delivers no pushes',
  newVapidKeys: () => {
    throw new Error('This service delivers no pushes.');
  },
  deviceChanged: () => {},
  credentialsChanged: async () => {},
  heldBackUntil: () => undefined,
  paused: [],
  test: async () => ({ kind: 'busy' }),
};
