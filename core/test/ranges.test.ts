import { ranges } from '@badged/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const position = fc.integer({ min: 1, max: 40 });
const positions = fc.uniqueArray(position, { maxLength: 25 });

function toSet(list: ranges.Ranges): Set<number> {
  const set = new Set<number>();
  for (let i = 0; i < list.length; i += 2) {
    for (let p = list[i] ?? 0; p <= (list[i + 1] ?? 0); p += 1) set.add(p);
  }
  return set;
}

function sorted(set: Iterable<number>): number[] {
  return [...set].sort((a, b) => a - b);
}

/** Ascending, disjoint, and not touching: anything else would make two shapes of one set. */
function expectNormal(list: ranges.Ranges): void {
  for (let i = 0; i < list.length; i += 2) {
    expect(list[i]).toBeLessThanOrEqual(list[i + 1] ?? 0);
    if (i > 0) expect(list[i]).toBeGreaterThan((list[i - 1] ?? 0) + 1);
  }
}

describe('ranges behave like the set of positions they stand for', () => {
  test('made from positions, they hold exactly those, in one shape', () => {
    fc.assert(
      fc.property(positions, (list) => {
        const made = ranges.fromPositions(list);
        expectNormal(made);
        expect(sorted(toSet(made))).toEqual(sorted(list));
        expect(ranges.size(made)).toBe(list.length);
      }),
    );
  });

  test('adding an interval is the union, in any order, and merges what touches', () => {
    fc.assert(
      fc.property(positions, position, position, (list, a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const before = ranges.fromPositions(list);
        const after = ranges.add(before, from, to);
        expectNormal(after);
        const expected = new Set(list);
        for (let p = from; p <= to; p += 1) expected.add(p);
        expect(sorted(toSet(after))).toEqual(sorted(expected));
        expect(sorted(toSet(before))).toEqual(sorted(list));
      }),
    );
  });

  test('above, below, contains and the counts agree with the set', () => {
    fc.assert(
      fc.property(positions, positions, fc.integer({ min: 0, max: 42 }), (left, right, at) => {
        const a = ranges.fromPositions(left);
        const b = ranges.fromPositions(right);
        expect(ranges.contains(a, at)).toBe(left.includes(at));
        expect(sorted(toSet(ranges.above(a, at)))).toEqual(sorted(left.filter((p) => p > at)));
        expect(sorted(toSet(ranges.below(a, at)))).toEqual(sorted(left.filter((p) => p < at)));
        expect(ranges.countAbove(a, at)).toBe(left.filter((p) => p > at).length);
        expect(ranges.countCommonAbove(a, b, at)).toBe(
          left.filter((p) => p > at && right.includes(p)).length,
        );
        expectNormal(ranges.above(a, at));
        expectNormal(ranges.below(a, at));
      }),
    );
  });
});
