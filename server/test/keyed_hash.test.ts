/** The keyed hash is HMAC-SHA256, as Node computes it: stored ids and fingerprints depend on it. */
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyedHash } from '../src/keyed_hash.js';

const keys = fc.uint8Array({ maxLength: 200 });
const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), longText());

function longText() {
  return fc
    .tuple(fc.string({ unit: 'grapheme', minLength: 1 }), fc.integer({ min: 1, max: 10_000 }))
    .map(([text, length]) => text.repeat(Math.ceil(length / text.length)).slice(0, length));
}

test('it is HMAC-SHA256 for keys and texts of any length, also with half a surrogate pair', () => {
  fc.assert(
    fc.property(keys, fc.array(texts, { minLength: 1 }), (key, all) => {
      const hash = keyedHash(key);
      for (const text of all) {
        expect(hash(text).equals(createHmac('sha256', key).update(text).digest())).toBe(true);
      }
    }),
  );
});

test('a result stays as it is when the next text is hashed', () => {
  const hash = keyedHash(Buffer.from('key'));
  const first = hash('first');
  const copy = Buffer.from(first);
  first.fill(0);
  expect(hash('second').equals(hash('first'))).toBe(false);
  expect(hash('first').equals(copy)).toBe(true);
});
