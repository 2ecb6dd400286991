/** Texts as bytes: each is found by its number, and its number by it, as in a map of JavaScript's. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { halfSipHash } from '../../src/machine/half_sip_hash.js';
import { Texts } from '../../src/machine/texts.js';

const key = [1, 2, 3, 4] as const;

/** Any characters, also half a surrogate pair; up to the longest id; and such as differ in one character or in length only. */
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 255 }),
  fc.string({ unit: fc.constantFrom('a', 'b', '\u00ff', '\u0100', '\ud800'), maxLength: 4 }),
  fc.integer({ min: 250, max: 255 }).map((length) => '\u4e00'.repeat(length)),
);

describe('texts', () => {
  test('hold what a map holds, whatever the texts are', () => {
    fc.assert(
      fc.property(fc.array(text, { maxLength: 400 }), fc.array(text), (added, others) => {
        const texts = new Texts(key);
        const expected = new Map<string, number>();
        for (const one of added) {
          const number = expected.get(one) ?? expected.size + 1;
          expected.set(one, number);
          texts.set(number, one);
        }
        for (const [one, number] of expected) {
          expect(texts.number(one)).toBe(number);
          expect(texts.text(number)).toBe(one);
          expect(texts.text(number), 'made before').toBe(one);
        }
        for (const one of others) expect(texts.number(one)).toBe(expected.get(one) ?? 0);
        expect(texts.text(0)).toBe('');
        expect(texts.text(expected.size + 1)).toBe('');
      }),
    );
  });

  test('are found from the first to the last of many, in any order of numbers, at some thirty bytes each', () => {
    const texts = new Texts(key);
    const count = 15_000;
    const idOf = (number: number) => `user-${String(number).padStart(8, '0')}`;
    for (let number = count; number > 0; number -= 1) texts.set(number, idOf(number));
    const numbers = Array.from({ length: count }, (_, n) => n + 1);
    expect(numbers.find((number) => texts.number(idOf(number)) !== number)).toBeUndefined();
    expect(numbers.find((number) => texts.text(number) !== idOf(number))).toBeUndefined();
    expect(texts.number('no such text')).toBe(0);
    expect(texts.bytes / count).toBeLessThan(34);
  });

  test('copy a chunk at most for one more', () => {
    const texts = new Texts(key);
    let most = 0;
    let before = 0;
    for (let number = 1; number <= 6_000; number += 1) {
      texts.set(
        number,
        `a text that is somewhat longer than most ids are, which fills chunks sooner ${number}`,
      );
      most = Math.max(most, texts.bytes - before);
      before = texts.bytes;
    }
    expect(most).toBeLessThan(4 * 65_536);
  });

  test('a text that is too long is never found, and never stored', () => {
    const texts = new Texts(key);
    const long = 'x'.repeat(501);
    expect(texts.number(long)).toBe(0);
    expect(() => texts.set(1, long)).toThrow(RangeError);
  });
});

test('the hash depends on the key and on every byte', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 });
  const word = fc.integer({ min: 0, max: 0xffff_ffff });
  fc.assert(
    fc.property(bytes, fc.nat(), word, word, (all, place, k0, k1) => {
      const hash = halfSipHash([k0, k1], all, 0, all.length);
      const changed = all.slice();
      changed[place % all.length] = (all[place % all.length] ?? 0) ^ 1;
      expect(halfSipHash([k0, k1], changed, 0, all.length)).not.toBe(hash);
      expect(halfSipHash([k0, k1], all, 0, all.length - 1)).not.toBe(hash);
      expect(halfSipHash([k0 ^ 1, k1], all, 0, all.length)).not.toBe(hash);
      expect(halfSipHash([k0, k1 ^ 1], all, 0, all.length)).not.toBe(hash);
      const moved = new Uint8Array([7, ...all]);
      expect(halfSipHash([k0, k1], moved, 1, all.length)).toBe(hash);
    }),
    // A hash of 32 bits may be the same by chance: not for these.
    { seed: 1, numRuns: 200 },
  );
});
