/** The schemas of badges and their external counts. */
import { limits } from '@badged/core';
import Type, { type Static } from 'typebox';
import type { BadgeSnapshot as Snapshot } from '../../../service/badge_snapshot.js';
import type { Badge as BadgeView } from '../../../service/badges.js';
import type { ExplainedBadge, Item } from '../../../service/explain.js';
import { resourceUri } from '../../../service/ids.js';
import type { ExplainedConversation } from '../../../store/port.js';
import { Mode } from '../../foundation/badge_mode.js';
import { isoTime, nullableInteger, nullableText } from '../../foundation/ids.js';
import { Level } from './conversation.js';

export const Count = Type.Integer({
  minimum: 0,
  maximum: limits.externalCount,
  description: `A whole number from 0 to ${limits.externalCount}.`,
});

const fields = {
  external_unread_count: Type.Integer(),
  unread_conversation_count: Type.Integer(),
  unread_message_count: Type.Integer(),
  unread_announcement_count: Type.Integer(),
  badge: nullableInteger({ description: 'The number that a push carries; null where badges are disabled.' }),
  badge_mode: Mode,
};

const ofConversation = {
  id: Type.String({ format: 'uri' }),
  unread_message_count: Type.Integer(),
  badge_count: Type.Integer({ description: 'The number of unread messages that count in the badge.' }),
  last_position: Type.Integer({ description: 'The position of the last message.' }),
  level: Level,
  muted_until: nullableText({}),
};

export const Badge = Type.Object(fields);

/** The badge, and what ?conversations=true adds to it. */
export const BadgeSnapshot = Type.Object(
  {
    ...fields,
    conversations: Type.Optional(
      Type.Array(Type.Object(ofConversation, { $id: 'UnreadConversation' }), {
        maxItems: limits.unreadListConversations,
        description:
          'The unread conversations, counted or muted, newest message first. Only with conversations=true.',
      }),
    ),
    more_conversations: Type.Optional(
      Type.Boolean({
        description: `Whether there are more unread conversations: at most ${limits.unreadListConversations} are listed.`,
      }),
    ),
  },
  { $id: 'Badge', description: "A user's badge, and the counts it is made of." },
);

export function snapshotResponse({ badge, unread }: Snapshot): Static<typeof BadgeSnapshot> {
  if (unread === undefined) return badgeResponse(badge);
  return {
    ...badgeResponse(badge),
    conversations: unread.conversations.map(conversationResponse),
    more_conversations: unread.hasMore,
  };
}

export function badgeResponse(badge: BadgeView): Static<typeof Badge> {
  return {
    external_unread_count: badge.externalUnreadCount,
    unread_conversation_count: badge.unreadConversationCount,
    unread_message_count: badge.unreadMessageCount,
    unread_announcement_count: badge.unreadAnnouncementCount,
    badge: badge.badge,
    badge_mode: badge.settings.mode,
  };
}

export const Badges = Type.Object(
  {
    users: Type.Unsafe<Record<string, Static<typeof Badge> | null>>({
      type: 'object',
      description: 'By user id. Null for a user that does not exist.',
      additionalProperties: {
        $id: 'BadgeCounts',
        type: ['object', 'null'],
        description: 'A badge without the list of unread conversations.',
        properties: fields,
        required: Object.keys(fields),
      },
    }),
  },
  { $id: 'Badges', description: 'The badges of several users.' },
);

const Interval = Type.Array(Type.Integer(), {
  minItems: 2,
  maxItems: 2,
  description: 'The first and the last position.',
});

export const Explanation = Type.Object(
  {
    ...fields,
    include_announcements: Type.Boolean(),
    summary: Type.String({ description: 'The sum, as a sentence.' }),
    items: Type.Array(
      Type.Object(
        {
          kind: Type.Unsafe<Item['kind']>({
            type: 'string',
            enum: ['external', 'announcements', 'conversation', 'more_conversations'],
            description: `more_conversations is the sum of those that are not among the newest ${limits.explainedConversations}.`,
          }),
          of: Type.String({
            description: "The external count's name, or the conversation's id. Otherwise empty.",
          }),
          adds: Type.Integer({
            description: 'The number that it adds to the badge. The badge is the sum of all items.',
          }),
          because: Type.String(),
        },
        { $id: 'BadgeItem' },
      ),
    ),
    external: Type.Unsafe<Record<string, number>>({
      type: 'object',
      description: 'The external counts by name; the unnamed one has an empty name.',
      additionalProperties: { type: 'integer' },
    }),
    announcements: Type.Array(Type.String(), {
      description: `The ids of the newest ${limits.explainedConversations} unread announcements, oldest first.`,
    }),
    conversations: Type.Array(
      Type.Object(
        {
          ...ofConversation,
          joined_position: Type.Integer({ description: 'The last position when the user joined.' }),
          read_position: Type.Integer({ description: 'Everything up to this position is read.' }),
          acknowledged: Type.Array(Interval, {
            description: `Read positions after read_position: the first ${limits.explainedIntervals} intervals.`,
          }),
          uncounted: Type.Integer({
            description: 'Uncounted messages after read_position: deleted or silent.',
          }),
        },
        { $id: 'ExplainedConversation' },
      ),
    ),
  },
  { $id: 'ExplainedBadge', description: 'A badge, with the items that it is the sum of.' },
);

export function explanationResponse(explained: ExplainedBadge): Static<typeof Explanation> {
  const { badge, summary, items, conversations, announcements } = explained;
  return {
    ...badgeResponse(badge),
    include_announcements: badge.settings.includeAnnouncements,
    summary,
    items: items.map((item) =>
      item.kind === 'conversation' ? { ...item, of: resourceUri('conversations', item.of) } : item,
    ),
    external: badge.external,
    announcements: announcements.map((id) => resourceUri('announcements', id)),
    conversations: conversations.map((conversation) => ({
      ...conversationResponse(conversation),
      joined_position: conversation.joined,
      read_position: conversation.cursor,
      acknowledged: pairs(conversation.acknowledged),
      uncounted: conversation.uncounted,
    })),
  };
}

function conversationResponse(conversation: ExplainedConversation) {
  return {
    id: resourceUri('conversations', conversation.id),
    unread_message_count: conversation.unreadMessageCount,
    badge_count: conversation.badgeCount,
    last_position: conversation.head,
    level: conversation.level,
    muted_until: conversation.mutedUntil === null ? null : isoTime(conversation.mutedUntil),
  };
}

function pairs(intervals: readonly number[]): number[][] {
  return Array.from({ length: intervals.length / 2 }, (_, i) => intervals.slice(2 * i, 2 * i + 2));
}
