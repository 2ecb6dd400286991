/** The sentences of an explained badge: short, and true to the numbers beside them. */
import { type BadgeSettings, badgeModes } from '@badged/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explained } from '../../src/service/explain.js';
import type { ExplainedConversation, Explanation } from '../../src/store/port.js';

const conversation: ExplainedConversation = {
  id: 'room-42',
  head: 1,
  joined: 0,
  cursor: 0,
  acknowledged: [],
  acknowledgedCount: 0,
  uncounted: 0,
  unreadMessageCount: 1,
  badgeCount: 1,
  level: 'all',
  mutedUntil: null,
};

const none = { conversationCount: 0, countedConversationCount: 0, unreadMessageCount: 0, badgeCount: 0 };

const explanation = (
  { mode = 'unread_messages', includeAnnouncements = false }: Partial<BadgeSettings>,
  conversations: readonly ExplainedConversation[],
  announcements: readonly string[] = [],
  more: Explanation['more'] = none,
): Explanation => ({
  badge: {
    unreadMessageCount: conversations.reduce((sum, { badgeCount }) => sum + badgeCount, more.badgeCount),
    unreadConversationCount:
      conversations.filter(({ badgeCount }) => badgeCount > 0).length + more.countedConversationCount,
    unreadAnnouncementCount: announcements.length,
    externalUnreadCount: 3,
    external: { tasks: 3 },
    settings: { mode, includeAnnouncements },
  },
  conversations,
  more,
  announcements,
});

test.each<[Partial<ExplainedConversation>, BadgeSettings['mode'], string]>([
  [{}, 'unread_messages', '1 unread message (1).'],
  [{ head: 9, cursor: 5, unreadMessageCount: 4 }, 'unread_messages', '4 unread messages (6 to 9).'],
  [{ head: 9, joined: 7, unreadMessageCount: 2 }, 'unread_messages', '2 unread messages (8 to 9).'],
  [
    { head: 9, cursor: 5, acknowledged: [7, 7], acknowledgedCount: 1, uncounted: 1, unreadMessageCount: 2 },
    'unread_messages',
    '2 unread messages (6 to 9, without 1 read, sent or blocked by the user and 1 deleted or silent).',
  ],
  [{}, 'unread_conversations', '1 unread message (1). The conversation counts once.'],
  [{}, 'external', '1 unread message (1). Messages do not count in this app.'],
  [
    { badgeCount: 0, level: 'none' },
    'unread_messages',
    '1 unread message (1). The notification level is none, so it adds 0.',
  ],
  [
    { badgeCount: 0, level: 'mentions' },
    'unread_messages',
    '1 unread message (1). Only mentions count: 0 of 1.',
  ],
  [
    { badgeCount: 0, mutedUntil: Date.parse('2030-01-01T00:00:00Z') },
    'unread_messages',
    '1 unread message (1). The conversation is muted until 2030-01-01T00:00:00.000Z and adds 0.',
  ],
])('%j in mode %s: %s', (more, mode, because) => {
  const { items } = explained(explanation({ mode }, [{ ...conversation, ...more }]));
  expect(items.find(({ kind }) => kind === 'conversation')).toMatchObject({ of: 'room-42', because });
});

test('the summary says what is added up', () => {
  const summary = (settings: Partial<BadgeSettings>) =>
    explained(explanation(settings, [conversation], ['a', 'b'])).summary;
  expect(summary({})).toBe('The badge adds up unread messages and external counts: 3 + 1 = 4.');
  expect(summary({ mode: 'external' })).toBe('The badge adds up external counts: 3.');
  expect(summary({ mode: 'unread_conversations', includeAnnouncements: true })).toBe(
    'The badge adds up conversations with unread messages, external counts and unread announcements: 3 + 2 + 1 = 6.',
  );
  expect(summary({ mode: 'disabled' })).toMatch(/^Badges are disabled in this app\./);
});

test('promise 10: the items sum to the badge', () => {
  const counted = fc.nat(5).map((count) => ({ ...conversation, unreadMessageCount: 5, badgeCount: count }));
  fc.assert(
    fc.property(
      fc.constantFrom(...badgeModes),
      fc.boolean(),
      fc.array(counted),
      fc.array(fc.constant('announcement')),
      fc.array(counted),
      (mode, includeAnnouncements, conversations, announcements, others) => {
        const more = {
          conversationCount: others.length,
          countedConversationCount: others.filter(({ badgeCount }) => badgeCount > 0).length,
          unreadMessageCount: 5 * others.length,
          badgeCount: others.reduce((sum, { badgeCount }) => sum + badgeCount, 0),
        };
        const { badge, items } = explained(
          explanation({ mode, includeAnnouncements }, conversations, announcements, more),
        );
        expect(items.reduce((sum, { adds }) => sum + adds, 0)).toBe(badge.badge ?? 0);
      },
    ),
  );
});

test('conversations beyond the limit are one item', () => {
  const more = { conversationCount: 2, countedConversationCount: 1, unreadMessageCount: 9, badgeCount: 4 };
  const item = (mode: BadgeSettings['mode']) =>
    explained(explanation({ mode }, [conversation], [], more)).items.at(-1);
  const because = '2 more conversations with 9 unread messages.';
  const kind = 'more_conversations';
  expect(item('unread_messages')).toEqual({ kind, of: '', adds: 4, because });
  expect(item('unread_conversations')).toEqual({ kind, of: '', adds: 1, because });
  expect(item('external')).toEqual({
    kind,
    of: '',
    adds: 0,
    because: `${because} Messages do not count in this app.`,
  });
});
