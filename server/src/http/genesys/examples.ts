/** Examples of the Genesys-style operations. */
import type { Example } from '../foundation/endpoint.js';

export const examples = {
  get_badges_chats: {
    response: {
      entities: [
        {
          entity: {
            id: 'room-42',
            type: 'group',
            jid: 'room-42@conference.chat.example.com',
            jabberId: 'room-42@conference.chat.example.com',
          },
          unreadCount: 2,
          lastUnreadNotificationDate: '2030-01-01T12:00:00.000Z',
        },
      ],
      pageSize: 25,
      pageNumber: 1,
      total: 1,
      pageCount: 1,
      firstUri: '/api/v2/badges/chats?pageSize=25&pageNumber=1',
      selfUri: '/api/v2/badges/chats?pageSize=25&pageNumber=1',
      lastUri: '/api/v2/badges/chats?pageSize=25&pageNumber=1',
    },
  },
  get_tokens_me: {
    response: {
      organization: { id: '3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10', name: 'Chat' },
      homeOrganization: { id: '3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10', name: 'Chat' },
      authorizedScope: [],
      OAuthClient: {
        id: '3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10.Zk9vXq2LmN4pRs7t',
        name: 'Agent desktop',
        organization: { id: '3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10', name: 'Chat' },
      },
    },
  },
  get_users_me: { response: { id: 'alice', name: 'alice', chat: { jabberId: 'alice@chat.example.com' } } },
  get_notifications_availabletopics: {
    response: {
      entities: [
        {
          id: 'v2.users.{id}.badges.chats',
          description: "Every change of an unread count of the user's chat badges.",
        },
      ],
    },
  },
  post_notifications_channels: {
    response: {
      id: 'e5c3a1f9-7b2d-4e6a-9c8f-3d5b7a9c1e60',
      connectUri:
        'wss://badges.example.com/channels/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/e5c3a1f9-7b2d-4e6a-9c8f-3d5b7a9c1e60/c2VjcmV0LW9mLXRoZS1leGFtcGxl',
      expires: '2030-01-02T12:00:00.000Z',
    },
  },
  get_notifications_channels: {
    response: {
      entities: [
        {
          id: 'e5c3a1f9-7b2d-4e6a-9c8f-3d5b7a9c1e60',
          connectUri:
            'wss://badges.example.com/channels/3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10/e5c3a1f9-7b2d-4e6a-9c8f-3d5b7a9c1e60/c2VjcmV0LW9mLXRoZS1leGFtcGxl',
          expires: '2030-01-02T12:00:00.000Z',
        },
      ],
    },
  },
  get_notifications_channel_subscriptions: { response: { entities: [] } },
  post_notifications_channel_subscriptions: {
    body: [{ id: 'v2.users.alice.badges.chats' }],
    response: { entities: [{ id: 'v2.users.alice.badges.chats' }] },
  },
  put_notifications_channel_subscriptions: {
    body: [{ id: 'v2.users.alice.badges.chats' }],
    response: { entities: [{ id: 'v2.users.alice.badges.chats' }] },
  },
} satisfies Readonly<Record<string, Example>>;
