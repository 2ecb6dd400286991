// The number as it is written on an icon and in front of a title.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cappedCount, titlePrefix, withoutPrefix } from '../../src/badge/count_text.js';

const counts = fc.nat();
/** A title as it reads: what surrounds it is cut off, and white space in it is one space. */
const titles = fc.string().map((text) => text.replace(/[\t\n\f\r ]+/g, ' ').trim());

describe('the number on an icon', () => {
  it('is written out up to the largest one, and with a plus beyond it', () => {
    const written = [0, 1, 99, 100, 12_345].map((count) => cappedCount(count, 99));
    expect(written).toEqual(['', '1', '99', '99+', '99+']);
  });

  it('never has more than three characters, however large it is', () => {
    fc.assert(fc.property(counts, (count) => cappedCount(count, 99).length <= 3));
  });
});

describe('the number in a title', () => {
  it('is the whole number, and nothing for 0', () => {
    expect([0, 3, 12_345].map(titlePrefix)).toEqual(['', '(3) ', '(12345) ']);
  });

  it('can be taken away again, whatever the title and the number are', () => {
    fc.assert(
      fc.property(counts, titles, (count, title) => {
        const prefix = titlePrefix(count);
        expect(withoutPrefix((prefix + title).trim(), prefix)).toBe(title);
      }),
    );
  });

  it('is taken from what a page made of the title that it read, and from nothing else', () => {
    expect(withoutPrefix('(3) Inbox – Mail', '(3) ')).toBe('Inbox – Mail');
    expect(withoutPrefix('(2) Inbox', '(3) ')).toBe('(2) Inbox');
    expect(withoutPrefix('(3) Inbox', '')).toBe('(3) Inbox');
  });
});
