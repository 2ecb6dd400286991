import { expect, test } from 'vitest';
import { VerifiedTexts } from '../../src/service/verified_texts.js';

test('the texts that were used last are remembered, and never more than twice the bound', () => {
  const texts = new VerifiedTexts<number>(2);
  texts.set('a', 1);
  texts.set('b', 2);
  texts.set('c', 3);
  expect([texts.get('a'), texts.get('c')]).toEqual([1, 3]);
  texts.set('d', 4);
  expect(texts.get('b')).toBeUndefined();
  expect([texts.get('a'), texts.get('c'), texts.get('d')]).toEqual([1, 3, 4]);
  expect(texts.get('never')).toBeUndefined();
});
