/** UUIDs as words: exact in both directions, also for words with the highest bit set. */
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isUuid, parseUuid, uuidFromWords, uuidToWords } from '../src/uuid.js';

const word = fc.integer({ min: 0, max: 0xffff_ffff });

test('words become a UUID in lower case and the same words again', () => {
  fc.assert(
    fc.property(word, word, word, word, (...words) => {
      const uuid = uuidFromWords(...words);
      expect(isUuid(uuid)).toBe(true);
      expect(uuidToWords(uuid)).toEqual(words);
      expect(uuid.replaceAll('-', '')).toBe(words.map((one) => one.toString(16).padStart(8, '0')).join(''));
    }),
  );
});

test('a UUID becomes words and the same UUID again, in lower case', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const hex = createHash('sha256').update(seed).digest('hex');
      const uuid = [8, 13, 18, 23].reduce(
        (text, at) => `${text.slice(0, at)}-${text.slice(at)}`,
        hex.slice(0, 32),
      );
      expect(uuidFromWords(...uuidToWords(uuid))).toBe(uuid);
      expect(parseUuid(uuid.toUpperCase())).toBe(uuid);
    }),
  );
});

test('words with every bit or none come back', () => {
  for (const each of [0, 1, 0x8000_0000, 0xffff_ffff])
    expect(uuidToWords(uuidFromWords(each, each, each, each))).toEqual([each, each, each, each]);
});
