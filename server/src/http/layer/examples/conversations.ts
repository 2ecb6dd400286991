/** Examples of the operations on conversations. */
import type { Example } from '../../foundation/endpoint.js';

export const examples = {
  create_conversation: {
    body: { id: 'room-43', participants: ['alice', 'bob'], distinct: false, metadata: { title: 'Travel' } },
    response: {
      id: 'layer:///conversations/room-43',
      url: 'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-43',
      messages_url:
        'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-43/messages',
      created_at: '2030-01-01T12:00:00.000Z',
      participants: ['alice', 'bob'],
      participant_count: 2,
      participants_url:
        'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-43/participants',
      distinct: false,
      metadata: { title: 'Travel' },
    },
  },
  get_conversation: {
    response: {
      id: 'layer:///conversations/room-42',
      url: 'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42',
      messages_url:
        'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages',
      created_at: '2030-01-01T12:00:00.000Z',
      participants: ['alice', 'bob', 'carol'],
      participant_count: 3,
      participants_url:
        'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/participants',
      distinct: false,
      metadata: { title: 'Lunch' },
    },
  },
  list_participants: { response: ['alice', 'bob', 'carol'] },
  change_conversation: {
    body: [
      { operation: 'add', property: 'participants', value: 'dave' },
      { operation: 'set', property: 'metadata.title', value: 'Dinner' },
    ],
  },
  list_user_conversations: {
    response: [
      {
        id: 'layer:///conversations/room-42',
        url: 'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/users/alice/conversations/room-42',
        messages_url:
          'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages',
        created_at: '2030-01-01T12:00:00.000Z',
        participants: ['alice', 'bob', 'carol'],
        participant_count: 3,
        participants_url:
          'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/users/alice/conversations/room-42/participants',
        distinct: false,
        metadata: { title: 'Lunch' },
        unread_message_count: 2,
        last_message: {
          id: 'layer:///messages/7f9a4c2d-1e6b-4c8f-9a32-ad5e3b8c7f41',
          position: 2,
          sender: { user_id: 'carol', name: null },
          sent_at: '2030-01-01T12:00:00.000Z',
          is_unread: true,
        },
        notifications: { level: 'all', muted_until: null },
      },
    ],
  },
  get_user_conversation: {
    response: {
      id: 'layer:///conversations/room-42',
      url: 'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/users/alice/conversations/room-42',
      messages_url:
        'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages',
      created_at: '2030-01-01T12:00:00.000Z',
      participants: ['alice', 'bob', 'carol'],
      participant_count: 3,
      participants_url:
        'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/users/alice/conversations/room-42/participants',
      distinct: false,
      metadata: { title: 'Lunch' },
      unread_message_count: 2,
      last_message: {
        id: 'layer:///messages/7f9a4c2d-1e6b-4c8f-9a32-ad5e3b8c7f41',
        position: 2,
        sender: { user_id: 'carol', name: null },
        sent_at: '2030-01-01T12:00:00.000Z',
        is_unread: true,
      },
      notifications: { level: 'all', muted_until: null },
    },
  },
  list_user_conversation_participants: { response: ['alice', 'bob', 'carol'] },
  mark_all_read: { body: { position: 2 } },
  mark_unread: { body: { position: 1 } },
  set_notifications: { body: { level: 'mentions', muted_until: '2030-01-02T08:00:00Z' } },
} satisfies Readonly<Record<string, Example>>;
