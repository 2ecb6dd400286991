import { ranges, readState } from '@badged/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

/** What a read state stands for, naively: the joining point, and the set of positions that do not count. */
interface Model {
  readonly joined: number;
  readonly acknowledged: Set<number>;
}

const head = 30;
const position = fc.integer({ min: 1, max: head });
type Step = { acknowledge: [number, number] } | { unreadFrom: number; except: number[] };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(position, position)
    .map(([a, b]) => ({ acknowledge: [Math.min(a, b), Math.max(a, b)] as [number, number] })),
  fc.record({ unreadFrom: position, except: fc.uniqueArray(position, { maxLength: 6 }) }),
);
const joined = fc.integer({ min: 0, max: 10 });
const uncounted = fc.uniqueArray(position, { maxLength: 10 });

function apply(state: readState.ReadState, step: Step, joinedAt: number): readState.ReadState {
  if ('acknowledge' in step) return readState.acknowledge(state, ...step.acknowledge);
  return readState.markUnreadFrom(state, step.unreadFrom, joinedAt, ranges.fromPositions(step.except));
}

function applyToModel({ joined, acknowledged }: Model, step: Step): void {
  for (let p = joined + 1; p <= head; p += 1) {
    if ('acknowledge' in step) {
      if (p >= step.acknowledge[0] && p <= step.acknowledge[1]) acknowledged.add(p);
    } else if (p >= step.unreadFrom) {
      if (step.except.includes(p)) acknowledged.add(p);
      else acknowledged.delete(p);
    }
  }
}

function expectSame(state: readState.ReadState, model: Model, voidPositions: readonly number[]): void {
  let open = 0;
  for (let p = 1; p <= head; p += 1) {
    const counts = p > model.joined && !model.acknowledged.has(p);
    expect(readState.isAcknowledged(state, p)).toBe(!counts);
    if (counts && !voidPositions.includes(p)) open += 1;
  }
  expect(readState.unread(state, head, ranges.fromPositions(voidPositions))).toBe(open);
  expect(state.ranges[0] ?? Number.POSITIVE_INFINITY).toBeGreaterThan(state.cursor + 1);
}

describe('a read state', () => {
  test('promise 1: unread is what a set of unread positions would say, after any steps', () => {
    fc.assert(
      fc.property(joined, uncounted, fc.array(step, { maxLength: 12 }), (joinedAt, voidPositions, steps) => {
        let state = readState.startingAt(joinedAt);
        const model: Model = { joined: joinedAt, acknowledged: new Set() };
        expectSame(state, model, voidPositions);
        for (const next of steps) {
          state = apply(state, next, joinedAt);
          applyToModel(model, next);
          expectSame(state, model, voidPositions);
        }
      }),
    );
  });

  test('promise 3: acknowledging twice changes nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 8 }), position, position, (steps, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const before = steps.reduce((state, next) => apply(state, next, 0), readState.startingAt(0));
        const once = readState.acknowledge(before, from, to);
        expect(readState.acknowledge(once, from, to)).toEqual(once);
      }),
    );
  });

  test('promise 4: receipts may arrive in any order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(position), fc.infiniteStream(fc.nat()), (receipts, order) => {
        const shuffled = receipts
          .map((p) => ({ p, key: order.next().value ?? 0 }))
          .sort((a, b) => a.key - b.key);
        const acknowledge = (state: readState.ReadState, p: number) => readState.acknowledge(state, p, p);
        const inOrder = receipts.reduce(acknowledge, readState.startingAt(0));
        expect(shuffled.map(({ p }) => p).reduce(acknowledge, readState.startingAt(0))).toEqual(inOrder);
      }),
    );
  });

  test('a sequence of steps, any part of which was applied before, ends the same when applied again', () => {
    fc.assert(
      fc.property(joined, fc.array(step, { maxLength: 12 }), fc.nat(), (joinedAt, steps, cut) => {
        const from = cut % (steps.length + 1);
        const whole = steps.reduce(
          (state, next) => apply(state, next, joinedAt),
          readState.startingAt(joinedAt),
        );
        const again = steps.slice(from).reduce((state, next) => apply(state, next, joinedAt), whole);
        expect(again).toEqual(whole);
      }),
    );
  });
});
