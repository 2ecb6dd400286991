/** Examples of the operations on apps and their tokens. */
import type { Example } from '../../foundation/endpoint.js';

export const examples = {
  create_app: {
    body: {
      name: 'Shop',
      badge_mode: 'external',
      include_announcements: false,
      jabber_domain: 'shop.example.com',
    },
    response: {
      id: 'a9b8c7d6-5e4f-4a3b-8c2d-1e0f9a8b7c60',
      name: 'Shop',
      badge_mode: 'external',
      include_announcements: false,
      jabber_domain: 'shop.example.com',
      created_at: '2030-01-01T12:00:00.000Z',
      token: 'badged_d2a4f6b8-1c3e-4d5f-8a9b-0c1d2e3f4a50_c2VjcmV0LW9mLXRoZS1leGFtcGxl',
    },
  },
  list_apps: {
    response: [
      {
        id: '3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10',
        name: 'Chat',
        badge_mode: 'unread_messages',
        include_announcements: true,
        jabber_domain: 'chat.example.com',
        created_at: '2030-01-01T12:00:00.000Z',
      },
      {
        id: '7c9e6679-7425-4dde-944b-e07fc1f90ae7',
        name: 'Support',
        badge_mode: 'unread_conversations',
        include_announcements: false,
        jabber_domain: 'support.example.com',
        created_at: '2030-01-01T12:00:00.000Z',
      },
    ],
  },
  get_app: {
    response: {
      id: '3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10',
      name: 'Chat',
      badge_mode: 'unread_messages',
      include_announcements: true,
      jabber_domain: 'chat.example.com',
      created_at: '2030-01-01T12:00:00.000Z',
    },
  },
  change_app: {
    body: { name: 'Team chat', badge_mode: 'unread_messages' },
    response: {
      id: '3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10',
      name: 'Team chat',
      badge_mode: 'unread_messages',
      include_announcements: true,
      jabber_domain: 'chat.example.com',
      created_at: '2030-01-01T12:00:00.000Z',
    },
  },
  get_app_setup: { response: { login: true, push: ['apns', 'fcm', 'webpush'] } },
  create_token: {
    body: { label: 'backend' },
    response: {
      id: 'd2a4f6b8-1c3e-4d5f-8a9b-0c1d2e3f4a50',
      label: 'backend',
      created_at: '2030-01-01T12:00:00.000Z',
      token: 'badged_d2a4f6b8-1c3e-4d5f-8a9b-0c1d2e3f4a50_c2VjcmV0LW9mLXRoZS1leGFtcGxl',
    },
  },
  list_tokens: {
    response: [
      { id: 'd2a4f6b8-1c3e-4d5f-8a9b-0c1d2e3f4a50', label: 'first', created_at: '2030-01-01T12:00:00.000Z' },
    ],
  },
} satisfies Readonly<Record<string, Example>>;
