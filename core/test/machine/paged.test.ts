/** Maps and lists in pages behave as JavaScript's own do, also where a page ends. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NumberMap, PagedList } from '../../src/machine/paged.js';

/** Numbers near each other, on either side of the ends of pages, and far away. */
const key = fc.oneof(
  fc.integer({ min: 0, max: 8 }),
  fc.integer({ min: 4_090, max: 4_100 }),
  fc.integer({ min: 0, max: 20_000 }),
);

describe('a map by numbers', () => {
  test('holds what a map holds after the same calls', () => {
    const step = fc.record({ key, isRemoval: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const expected = new Map<number, number>();
        const map = new NumberMap<number>();
        for (const [value, one] of steps.entries()) {
          if (one.isRemoval) {
            map.delete(one.key);
            expected.delete(one.key);
          } else {
            map.set(one.key, value);
            expected.set(one.key, value);
          }
        }
        expect(new Map(map)).toEqual(expected);
        expect(map.size).toBe(expected.size);
        for (const one of steps) {
          expect(map.get(one.key)).toBe(expected.get(one.key));
          expect(map.has(one.key)).toBe(expected.has(one.key));
        }
      }),
    );
  });
});

describe('a list', () => {
  test('holds what an array holds, with what is missing in its gaps', () => {
    const step = fc.oneof(
      fc.record({ set: key }),
      fc.constantFrom({ push: true } as const, { pop: true } as const),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const expected: number[] = [];
        const list = new PagedList(-1);
        for (const [value, one] of steps.entries()) {
          if ('set' in one) {
            while (expected.length < one.set) expected.push(-1);
            expected[one.set] = value;
            list.set(one.set, value);
          } else if ('push' in one) {
            expected.push(value);
            list.push(value);
          } else expect(list.pop()).toBe(expected.pop());
          expect(list.length).toBe(expected.length);
        }
        expect(Array.from({ length: expected.length + 1 }, (_, at) => list.get(at))).toEqual([
          ...expected,
          -1,
        ]);
      }),
      { numRuns: 15 },
    );
  });
});
