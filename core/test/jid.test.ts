/** JIDs: XEP-0106 both ways, and the two kinds of entities. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeLocalPart, jidOf, parseJid, unescapeLocalPart } from '../src/jid.js';

const domain = 'chat.example.com';

/** Ids full of what has to be escaped, and of what looks like escapes. */
const id = fc.oneof(
  fc.string({ minLength: 1, unit: 'grapheme' }),
  fc
    .array(fc.constantFrom('\\', '\\20', '\\5c', '\\5C', '2', '0', '5', 'c', '@', '/', ' ', '"', '💬', 'é'), {
      minLength: 1,
    })
    .map((parts) => parts.join('')),
);

describe('XEP-0106', () => {
  test('whatever is escaped can be unescaped to what it was', () => {
    fc.assert(fc.property(id, (text) => unescapeLocalPart(escapeLocalPart(text)) === text));
  });

  test('two ids never share a local part', () => {
    fc.assert(fc.property(id, id, (a, b) => a === b || escapeLocalPart(a) !== escapeLocalPart(b)));
  });

  test('what is escaped holds nothing that a local part may not hold', () => {
    fc.assert(fc.property(id, (text) => !/[ "&'/:<>@]/.test(escapeLocalPart(text))));
  });

  test('an id without forbidden characters and escapes stays as it is, escaped once or twice', () => {
    const plain = fc
      .string({ unit: 'grapheme' })
      .filter((text) => !/[ "&'/:<>@]/.test(text) && !/\\(20|22|26|27|2f|3a|3c|3e|40|5c)/.test(text));
    fc.assert(
      fc.property(plain, (text) => {
        expect(escapeLocalPart(text)).toBe(text);
        expect(escapeLocalPart(escapeLocalPart(text))).toBe(text);
      }),
    );
  });

  test.each([
    ['space cadet', 'space\\20cadet'],
    ['call me "ishmael"', 'call\\20me\\20\\22ishmael\\22'],
    ['at&t guy', 'at\\26t\\20guy'],
    ["d'artagnan", 'd\\27artagnan'],
    ['/.fanboy', '\\2f.fanboy'],
    ['::foo::', '\\3a\\3afoo\\3a\\3a'],
    ['<foo>', '\\3cfoo\\3e'],
    ['user@host', 'user\\40host'],
    ['c:\\net', 'c\\3a\\net'],
    ['c:\\\\net', 'c\\3a\\\\net'],
    ['c:\\cool stuff', 'c\\3a\\cool\\20stuff'],
    ['c:\\5commas', 'c\\3a\\5c5commas'],
    ['\\3aandstuff', '\\5c3aandstuff'],
  ])('the examples of the specification: %s', (plain, escaped) => {
    expect(escapeLocalPart(plain)).toBe(escaped);
    expect(unescapeLocalPart(escaped)).toBe(plain);
  });
});

describe('entities', () => {
  test('a JID that was made names the same entity again', () => {
    fc.assert(
      fc.property(id, (text) => {
        const user = { type: 'person', user: text } as const;
        const room = { type: 'group', conversation: text } as const;
        expect(parseJid(jidOf(user, domain), domain)).toEqual(user);
        expect(parseJid(jidOf(room, domain), domain)).toEqual(room);
      }),
    );
  });

  test('a room is at the conference service, by the UUID or the text that is its id', () => {
    const uuid = '0e0b5ad3-3b8e-4d0c-9c0e-2f6f3d4c5b6a';
    const room = { type: 'group', conversation: uuid } as const;
    expect(jidOf(room, domain)).toBe(`${uuid}@conference.${domain}`);
    expect(parseJid(`${uuid.toUpperCase()}@conference.${domain}`, domain)).toEqual(room);
    expect(jidOf({ type: 'group', conversation: 'team/room 42' }, domain)).toBe(
      `team\\2froom\\2042@conference.${domain}`,
    );
    expect(parseJid(`Room@conference.${domain}`, domain)).toEqual({ type: 'group', conversation: 'Room' });
  });

  test('what is no JID, and what names nobody here', () => {
    for (const text of ['', 'ann', '@chat.example.com', 'ann@', 'a@b@c', 'a b@chat.example.com', 'a@b/c']) {
      expect(parseJid(text, domain), text).toBeUndefined();
    }
    for (const text of ['ann@elsewhere.example', `a\\5c@conference.${domain}`, `a\\5c@${domain}`]) {
      expect(parseJid(text, domain), text).toBe('foreign');
    }
    expect(parseJid('ann@CHAT.example.com', domain)).toEqual({ type: 'person', user: 'ann' });
  });
});
