import { type BadgeCounts, badge, badgeModes } from '@badged/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const count = fc.nat({ max: 1_000 });
const counts: fc.Arbitrary<BadgeCounts> = fc.record({
  externalUnreadCount: count,
  unreadConversationCount: count,
  unreadMessageCount: count,
  unreadAnnouncementCount: count,
});

describe('promise 2: the badge', () => {
  const example = {
    externalUnreadCount: 13,
    unreadConversationCount: 10,
    unreadMessageCount: 50,
    unreadAnnouncementCount: 2,
  };

  test.each([
    ['unread_messages', 63, 65],
    ['unread_conversations', 23, 25],
    ['external', 13, 15],
    ['disabled', null, null],
  ] as const)('in %s mode is %j, and with announcements %j', (mode, without, including) => {
    expect(badge(example, { mode, includeAnnouncements: false })).toBe(without);
    expect(badge(example, { mode, includeAnnouncements: true })).toBe(including);
  });

  test('is null exactly when badges are disabled: 0 is a value', () => {
    fc.assert(
      fc.property(
        counts,
        fc.constantFrom(...badgeModes),
        fc.boolean(),
        (given, mode, includeAnnouncements) => {
          expect(badge(given, { mode, includeAnnouncements }) === null).toBe(mode === 'disabled');
        },
      ),
    );
    const nothing = {
      externalUnreadCount: 0,
      unreadConversationCount: 0,
      unreadMessageCount: 0,
      unreadAnnouncementCount: 0,
    };
    expect(badge(nothing, { mode: 'unread_messages', includeAnnouncements: true })).toBe(0);
  });
});
