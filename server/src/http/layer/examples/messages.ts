/** Examples of messages, receipts, announcements, notifications and batches. */
import type { Example } from '../../foundation/endpoint.js';

const room = 'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42';

/** The second message is of Carol, whom Alice blocks. */
function readMessage(id: string, position: number, sender: string) {
  return {
    id: `layer:///messages/${id}`,
    url: `${room}/messages/${id}`,
    position,
    conversation: { id: 'layer:///conversations/room-42', url: room },
    parts: [],
    sent_at: '2030-01-01T12:00:00.000Z',
    sender: { user_id: sender, name: null },
    recipient_status: { alice: 'sent', bob: 'sent', carol: 'sent', [sender]: 'read' },
  };
}

const first = readMessage('6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30', 1, 'bob');
const second = readMessage('7f9a4c2d-1e6b-4c8f-9a32-ad5e3b8c7f41', 2, 'carol');
const unread = { is_unread: true };

export const examples = {
  list_messages: { response: [second, first] },
  get_message: { response: first },
  list_user_messages: {
    response: [
      { ...second, ...unread },
      { ...first, ...unread },
    ],
  },
  get_user_message: { response: { ...first, ...unread } },
  get_user_conversation_message: { response: { ...first, ...unread } },
  send_user_message: {
    body: {
      id: '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
      parts: [{ body: 'At the usual place?', mime_type: 'text/plain' }],
      notification: { title: 'Alice', text: 'At the usual place?' },
    },
    response: {
      ...readMessage('0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d', 3, 'alice'),
      parts: [{ body: 'At the usual place?', mime_type: 'text/plain' }],
    },
  },
  send_message: {
    body: {
      id: '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
      sender: { user_id: 'bob' },
      parts: [{ body: 'Lunch at one?', mime_type: 'text/plain' }],
      notification: { title: 'Bob', text: 'Lunch at one?' },
      mentions: ['alice'],
    },
    response: {
      id: 'layer:///messages/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
      url: 'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
      position: 3,
      conversation: {
        id: 'layer:///conversations/room-42',
        url: 'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42',
      },
      parts: [{ body: 'Lunch at one?', mime_type: 'text/plain' }],
      sent_at: '2030-01-01T12:00:00.000Z',
      sender: { user_id: 'bob', name: null },
      recipient_status: { alice: 'sent', bob: 'read', carol: 'sent' },
    },
  },
  create_message_receipt: { body: { type: 'read' } },
  create_own_message_receipt: { body: { type: 'read' } },
  create_announcement_receipt: { body: { type: 'read' } },
  create_own_announcement_receipt: { body: { type: 'read' } },
  create_announcement: {
    body: {
      id: '1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e',
      recipients: 'everyone',
      sender: { name: 'News' },
      parts: [{ body: 'Maintenance tonight at ten.', mime_type: 'text/plain' }],
    },
    response: {
      id: 'layer:///announcements/1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e',
      url: 'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/announcements/1b2c3d4e-5f6a-4b7c-8d9e-0f1a2b3c4d5e',
      sent_at: '2030-01-01T12:00:00.000Z',
      recipients: 'everyone',
      sender: { user_id: null, name: 'News' },
      parts: [{ body: 'Maintenance tonight at ten.', mime_type: 'text/plain' }],
    },
  },
  create_notification: {
    body: {
      id: '2c3d4e5f-6a7b-4c8d-9e0f-1a2b3c4d5e6f',
      recipients: ['alice'],
      notification: { title: 'Calendar', text: 'Your meeting starts in five minutes.' },
    },
    response: { id: 'layer:///notifications/2c3d4e5f-6a7b-4c8d-9e0f-1a2b3c4d5e6f', recipients: ['alice'] },
  },
  create_events: {
    body: [
      { operation: 'set_badge', user_id: 'alice', external_unread_count: 12 },
      {
        operation: 'send_message',
        conversation_id: 'room-42',
        id: '0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
        sender: { user_id: 'bob' },
        parts: [{ body: 'Lunch at one?', mime_type: 'text/plain' }],
      },
      { operation: 'mark_all_read', user_id: 'alice', conversation_id: 'room-42', position: 3 },
    ],
    response: [
      { status: 204 },
      {
        status: 201,
        body: {
          id: 'layer:///messages/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
          url: 'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42/messages/0a1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d',
          position: 3,
          conversation: {
            id: 'layer:///conversations/room-42',
            url: 'https://badges.example.com/apps/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/conversations/room-42',
          },
          parts: [{ body: 'Lunch at one?', mime_type: 'text/plain' }],
          sent_at: '2030-01-01T12:00:00.000Z',
          sender: { user_id: 'bob', name: null },
          recipient_status: { alice: 'sent', bob: 'read', carol: 'sent' },
        },
      },
      { status: 204 },
    ],
  },
} satisfies Readonly<Record<string, Example>>;
