/** What the service asks of push delivery, which it does not know otherwise. */
import type { Platform, PushTarget } from '../push_target.js';
import type { Device } from '../store/push_port.js';

export interface PushDelivery {
  /** Why no push can go to this target, as a clause; undefined if it can. */
  targetProblem(target: PushTarget): string | undefined;
  newVapidKeys(): { readonly publicKey: string; readonly privateKey: string };
  /** The device registered or began to leave: it is told at once. */
  deviceChanged(app: string, device: Device): void;
  credentialsChanged(app: string, platform: Platform): Promise<void>;
  /** The transports that rest, because nobody answers or because the credentials are refused. */
  readonly resting: readonly RestingTransport[];
  /** One push now, with the badge as it is now. */
  test(app: string, device: Device, alert: TestAlert): Promise<TestedPush>;
}

export interface RestingTransport {
  readonly app: string;
  readonly platform: Platform;
  readonly kind: 'unreachable' | 'misconfigured';
  readonly reason: string;
  readonly since: number;
  readonly until: number;
}

export interface TestAlert {
  readonly title: string;
  readonly text: string;
}

export type TestedPush =
  /** Another push to the device was under way the whole time. */
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'answered';
      readonly verdict: 'delivered' | 'retry' | 'gone' | 'rejected' | 'misconfigured';
      readonly reason: string | null;
      readonly badge: number | null;
    };

/** For a service that only counts: devices are kept, and nothing is sent. */
export const noDelivery: PushDelivery = {
  targetProblem: () => 'this service delivers no pushes',
  newVapidKeys: () => {
    throw new Error('This service delivers no pushes.');
  },
  deviceChanged: () => {},
  credentialsChanged: async () => {},
  resting: [],
  test: async () => ({ kind: 'busy' }),
};
