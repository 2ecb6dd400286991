/** The newest rows are those that sorting all of them puts first. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isNewer, NewestRows, type SortKey } from '../../src/machine/query/newest.js';

const keys = fc.uniqueArray(fc.record({ at: fc.nat(9), conversation: fc.nat(99) }), {
  selector: ({ conversation }) => conversation,
  maxLength: 60,
});

test('as many as are wanted, newest first, in whatever order they are added', () => {
  fc.assert(
    fc.property(keys, fc.integer({ min: 0, max: 70 }), (all: SortKey[], limit) => {
      const newest = new NewestRows(limit);
      for (const [row, { at, conversation }] of all.entries()) newest.add(row, at, conversation);
      const sorted = [...all.entries()].sort(
        ([, a], [, b]) => b.at - a.at || b.conversation - a.conversation,
      );
      expect(newest.rows()).toEqual(sorted.slice(0, limit).map(([row]) => row));
      for (const [[, one], [, other]] of sorted.flatMap((each, index) =>
        sorted.slice(index + 1).map((next) => [each, next] as const),
      ))
        expect([isNewer(one, other), isNewer(other, one)]).toEqual([true, false]);
    }),
  );
});
