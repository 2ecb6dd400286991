/** Examples of the operations on badges. */
import type { Example } from '../../foundation/endpoint.js';

const badges = {
  users: {
    alice: {
      external_unread_count: 3,
      unread_conversation_count: 1,
      unread_message_count: 2,
      unread_announcement_count: 1,
      badge: 6,
      badge_mode: 'unread_messages',
    },
    zoe: null,
  },
};

export const examples = {
  get_badge: {
    response: {
      external_unread_count: 3,
      unread_conversation_count: 1,
      unread_message_count: 2,
      unread_announcement_count: 1,
      badge: 6,
      badge_mode: 'unread_messages',
      conversations: [
        {
          id: 'layer:///conversations/room-42',
          unread_message_count: 2,
          badge_count: 2,
          last_position: 2,
          level: 'all',
          muted_until: null,
        },
      ],
      more_conversations: false,
    },
  },
  set_badge: { body: { external_unread_count: 12 } },
  patch_badge: {
    body: [{ operation: 'set', property: 'external_unread_count', value: 12 }],
  },
  post_badge: { body: { external_unread_count: 12 } },
  explain_badge: {
    response: {
      external_unread_count: 3,
      unread_conversation_count: 1,
      unread_message_count: 2,
      unread_announcement_count: 1,
      badge: 6,
      badge_mode: 'unread_messages',
      include_announcements: true,
      summary: 'The badge adds up unread messages, external counts and unread announcements: 3 + 1 + 2 = 6.',
      items: [
        { kind: 'external', of: 'tasks', adds: 3, because: 'The app set the external count "tasks" to 3.' },
        { kind: 'announcements', of: '', adds: 1, because: '1 unread announcement.' },
        {
          kind: 'conversation',
          of: 'layer:///conversations/room-42',
          adds: 2,
          because: '2 unread messages (1 to 2).',
        },
      ],
      external: { tasks: 3 },
      announcements: ['layer:///announcements/b1d9c7e2-4f38-4a6b-9e05-7a2c8d1f3b40'],
      conversations: [
        {
          id: 'layer:///conversations/room-42',
          unread_message_count: 2,
          badge_count: 2,
          last_position: 2,
          level: 'all',
          muted_until: null,
          joined_position: 0,
          read_position: 0,
          acknowledged: [],
          uncounted: 0,
        },
      ],
    },
  },
  set_external_count: { body: { count: 3 } },
  set_badges: { body: { users: { alice: 12, bob: 0 } }, response: badges },
  read_badges: { body: { user_ids: ['alice', 'zoe'] }, response: badges },
} satisfies Readonly<Record<string, Example>>;
