// What a stream or another tab says is taken for a badge only if it is one.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseBadge } from '../../src/badge/badge.js';
import { parseMessage } from '../../src/badge/tab_messages.js';

const badge = {
  badge: 3,
  badge_mode: 'unread_messages',
  external_unread_count: 1,
  unread_conversation_count: 1,
  unread_message_count: 2,
  unread_announcement_count: 0,
};

describe('a badge', () => {
  it('promise 2: 0, a number and no badge are three different values', () => {
    for (const value of [0, 7, null]) expect(parseBadge({ ...badge, badge: value })?.badge).toBe(value);
    for (const value of [undefined, -1, 1.5, '3', Number.NaN, true]) {
      expect(parseBadge({ ...badge, badge: value })).toBeUndefined();
    }
  });

  it('has none of what is added to it later', () => {
    expect(parseBadge({ ...badge, conversations: [] })).toEqual(badge);
  });

  it('is never made of anything else', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const parsed = parseBadge(value);
        expect(parsed === undefined || parsed.badge === null || parsed.badge >= 0).toBe(true);
      }),
    );
  });
});

describe('what tabs say to each other', () => {
  it('is understood as it was said', () => {
    const snapshot = { id: 'x', badge };
    for (const message of [
      { kind: 'ask', sync: true },
      { kind: 'ask', sync: false },
      { kind: 'tell', state: 'live', snapshot },
      { kind: 'tell', state: 'waiting', snapshot: undefined },
      { kind: 'signed-out' },
    ]) {
      expect(parseMessage(structuredClone(message))).toEqual(message);
    }
  });

  it('is not understood if it comes from another release, and does no harm', () => {
    for (const message of [
      null,
      'tell',
      {},
      { kind: 'shout' },
      { kind: 'tell', state: 'asleep', snapshot: 1 },
    ])
      expect(parseMessage(message)).toBeUndefined();
    expect(parseMessage({ kind: 'tell', state: 'live', snapshot: { id: 1, badge } })).toEqual({
      kind: 'tell',
      state: 'live',
      snapshot: undefined,
    });
  });
});
