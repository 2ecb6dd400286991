/**
 * Example values of parameters, by name. They fit the examples of request bodies: alice, bob
 * and carol share the conversation room-42, and alice has two unread messages in it.
 */

const app = '3f0a6a4e-52a3-4f0c-9d0e-1a5b7d2c9e10';

export const parameterExamples: Readonly<Record<string, string | number | boolean>> = {
  app_uuid: app,
  app_id: app,
  user_id: 'alice',
  owner_id: 'alice',
  conversation_id: 'room-42',
  message_id: '6e8f3b1c-0d5a-4b7e-8f21-9c4d2a7b6e30',
  announcement_id: 'b1d9c7e2-4f38-4a6b-9e05-7a2c8d1f3b40',
  device_id: 'alice-phone',
  name: 'tasks',
  token_id: 'd2a4f6b8-1c3e-4d5f-8a9b-0c1d2e3f4a50',
  client_id: `${app}.Zk9vXq2LmN4pRs7t`,
  jabber_id: 'room-42@conference.chat.example.com',
  channel_id: 'e5c3a1f9-7b2d-4e6a-9c8f-3d5b7a9c1e60',
  id: 'not_found',
  conversations: true,
  sort_by: 'last_message',
  unread: true,
  leave: true,
  page_size: 20,
  pageSize: 25,
  pageNumber: 1,
};
