/**
 * Random steps of push delivery. Few devices and targets, so that they replace one another; few ids of alerts,
 * so that they come again. `#n` stands for the n-th of the alerts claimed so far, whose ids each store makes itself.
 */
import fc from 'fast-check';
import type { PushTarget } from '../../../src/push_target.js';
import { apns, fcm, webPush } from '../push_scenario.js';

export type PushCommand =
  | {
      readonly type: 'register';
      readonly user: string;
      readonly id: string;
      readonly target: PushTarget;
      readonly movesByTargetOnly?: boolean;
    }
  | { readonly type: 'unregister'; readonly user: string; readonly id: string }
  | { readonly type: 'claim_devices'; readonly pushes: readonly PlannedPush[]; readonly steps: number }
  | { readonly type: 'settle'; readonly settlements: readonly PlannedSettlement[] }
  | { readonly type: 'forget'; readonly id: string; readonly stepsAgo: number }
  | { readonly type: 'enqueue'; readonly id: string; readonly users: readonly string[] }
  | { readonly type: 'claim_alerts'; readonly limit: number; readonly steps: number }
  | { readonly type: 'complete'; readonly alert: number }
  | { readonly type: 'credentials'; readonly platform: string; readonly sealed: number | null };

export interface PlannedPush {
  readonly device: string;
  /** Whether it is meant for another platform than the device is on. */
  readonly isElsewhere: boolean;
  readonly takesBadgeAlone: boolean;
  /** Whom the alert is for: the user who has the device, or this one; null for none. */
  readonly alertFor: 'owner' | 'ann' | null;
  readonly refused: number | undefined;
}

export interface PlannedSettlement {
  readonly device: string;
  readonly accepted: number | null;
  /** The n-th of the alerts claimed so far; null for none. */
  readonly alert: number | null;
  /** Whether it was accepted in the other environment than the one that is known. */
  readonly isElsewhere: boolean;
  /** Which registration the push went to; undefined: it is not said. */
  readonly registration: 'this' | 'earlier' | undefined;
}

export const devicesPerUser = 2;

/** Every sequence starts with some devices, so that little of it is about none. */
export const firstDevices: readonly PushCommand[] = [
  { type: 'register', user: 'ann', id: 'd1', target: webPush('t1', { p256dh: 'B1', auth: 'A1' }) },
  { type: 'register', user: 'bob', id: 'd2', target: apns('t2') },
];

const id = fc.constantFrom('d1', 'd1', 'd2', 'd2', 'd3', 'd4', '__proto__');
const user = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('ann', 'ann', 'bob') },
  { weight: 2, arbitrary: fc.constantFrom('__proto__', 'é🦊', 'zoe', 'never named') },
);
const token = fc.constantFrom('t1', 't1', 't2', 't3');
const keys = fc.constantFrom({ p256dh: 'B1', auth: 'A1' }, { p256dh: 'B2', auth: 'A2' });

const target: fc.Arbitrary<PushTarget> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .record({
        token,
        bundleId: fc.constantFrom('example.chat', 'example.other'),
        environment: fc.constantFrom('production' as const, 'development' as const),
      })
      .map(({ token: each, ...more }) => apns(each, more)),
  },
  { weight: 2, arbitrary: fc.tuple(token, keys).map(([name, pair]) => webPush(name, pair)) },
  { weight: 1, arbitrary: token.map((each) => fcm(each)) },
);

const settlement: fc.Arbitrary<PlannedSettlement> = fc.record({
  device: id,
  accepted: fc.constantFrom(null, 0, 1, 5),
  alert: fc.option(fc.nat(5), { nil: null, freq: 2 }),
  isElsewhere: fc.boolean(),
  registration: fc.constantFrom('this' as const, 'this' as const, 'earlier' as const, undefined),
});
const push: fc.Arbitrary<PlannedPush> = fc.record({
  device: id,
  isElsewhere: fc.constantFrom(false, false, false, true),
  takesBadgeAlone: fc.constantFrom(true, true, false),
  alertFor: fc.constantFrom(null, null, 'owner' as const, 'ann' as const),
  refused: fc.constantFrom(undefined, undefined, 0, 1),
});
const steps = fc.integer({ min: 1, max: 6 });

export const pushCommand: fc.Arbitrary<PushCommand> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc
      .record({ user, id, target, movesByTargetOnly: fc.boolean() })
      .map((rest) => ({ type: 'register', ...rest }) as const),
  },
  {
    weight: 3,
    arbitrary: fc.record({ user, id }).map((rest) => ({ type: 'unregister', ...rest }) as const),
  },
  {
    weight: 6,
    arbitrary: fc
      .record({ pushes: fc.array(push, { minLength: 1, maxLength: 4 }), steps })
      .map((rest) => ({ type: 'claim_devices', ...rest }) as const),
  },
  {
    weight: 6,
    arbitrary: fc
      .array(settlement, { minLength: 1, maxLength: 3 })
      .map((settlements) => ({ type: 'settle', settlements }) as const),
  },
  {
    weight: 2,
    arbitrary: fc.record({ id, stepsAgo: fc.nat(10) }).map((rest) => ({ type: 'forget', ...rest }) as const),
  },
  {
    weight: 3,
    arbitrary: fc
      .record({ id: fc.constantFrom('a1', 'a2', 'a3'), users: fc.array(user, { maxLength: 3 }) })
      .map((rest) => ({ type: 'enqueue', ...rest }) as const),
  },
  {
    weight: 5,
    arbitrary: fc
      .record({ limit: fc.integer({ min: 1, max: 3 }), steps })
      .map((rest) => ({ type: 'claim_alerts', ...rest }) as const),
  },
  { weight: 2, arbitrary: fc.nat(5).map((alert) => ({ type: 'complete', alert }) as const) },
  {
    weight: 1,
    arbitrary: fc
      .record({ platform: fc.constantFrom('apns', 'webpush'), sealed: fc.constantFrom(null, 1, 2) })
      .map((rest) => ({ type: 'credentials', ...rest }) as const),
  },
);
