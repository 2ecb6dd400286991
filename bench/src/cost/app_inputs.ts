/** The largest inputs of an app's backend: conversations, messages, announcements, batches. */
import { limits } from '@badged/core';
import { list, longNames, message, names, people } from './large_world.js';
import { type Inputs, of, text } from './largest_input.js';

/** What is left of a body for its text. */
const textBytes = limits.bodyBytes - 4_096;
const users = limits.usersPerRequest;

export const conversationInputs: Inputs = {
  create_conversation: [
    of(`${users} participants with the longest ids, distinct`, ({ on }) =>
      on('POST', '/conversations', { participants: longNames(users), distinct: true }),
    ),
    of(`distinct, ${users} participants, all but one as another`, async ({ on, send }) => {
      const others = names('d', users - 1);
      await send(on('POST', '/conversations', { participants: [...others, 'one'], distinct: true }));
      return on('POST', '/conversations', { participants: [...others, 'other'], distinct: true });
    }),
  ],
  get_conversation: of(`${people} participants`, ({ on, rooms }) => on('GET', `/conversations/${rooms[0]}`)),
  list_participants: of(`a page of ${people} participants`, ({ on, rooms }) =>
    on('GET', `/conversations/${rooms[0]}/participants?page_size=${limits.participantsPerPage}`),
  ),
  change_conversation: [
    of(`add ${users} participants`, async ({ patch, room }) =>
      patch(`/conversations/${await room(2)}`, [
        { operation: 'add', property: 'participants', value: longNames(users) },
      ]),
    ),
    of(`${limits.patchOperations} operations on metadata of 4 KiB`, async ({ patch, room }) =>
      patch(`/conversations/${await room(2)}`, [
        { operation: 'set', property: 'metadata', value: { text: text(limits.metadataBytes - 100) } },
        ...list(limits.patchOperations - 1, (n) => ({
          operation: 'set',
          property: `metadata.k${n % 5}`,
          value: '1',
        })),
      ]),
    ),
  ],
  delete_conversation: of(`${people} participants`, ({ on, rooms }) =>
    on('DELETE', `/conversations/${rooms[9]}?mode=all_participants`),
  ),
  delete_user_conversation: of(`${people} participants, one leaves`, ({ on, rooms }) =>
    on('DELETE', `/users/person-2/conversations/${rooms[8]}?leave=true`),
  ),
  list_user_conversations: of('a page of 100, of 40,000', ({ on, user }) =>
    on('GET', `/users/${user}/conversations?page_size=100&sort_by=last_message&unread=true`),
  ),
  get_user_conversation: of(`${people} participants`, ({ on, user, rooms }) =>
    on('GET', `/users/${user}/conversations/${rooms[0]}`),
  ),
  list_user_conversation_participants: of(`a page of ${people} participants`, ({ on, user, rooms }) =>
    on(
      'GET',
      `/users/${user}/conversations/${rooms[0]}/participants?page_size=${limits.participantsPerPage}`,
    ),
  ),
  mark_all_read: of('10,000 messages', ({ on, user, busyRoom }) =>
    on('POST', `/users/${user}/conversations/${busyRoom}/mark_all_read`, {}),
  ),
  mark_unread: of('9,990 messages back', ({ on, user, busyRoom }) =>
    on('POST', `/users/${user}/conversations/${busyRoom}/mark_unread`, { position: 10 }),
  ),
  set_notifications: of('a level', ({ on, user, rooms }) =>
    on('PUT', `/users/${user}/conversations/${rooms[0]}/notifications`, { level: 'mentions' }),
  ),
};

export const messageInputs: Inputs = {
  send_message: [
    of(`to ${people}, with as much text as a body holds`, ({ on, rooms }) =>
      on('POST', `/conversations/${rooms[0]}/messages`, {
        sender: { user_id: 'person-1' },
        parts: [{ body: text(textBytes), mime_type: 'text/plain' }],
        notification: { text: 'hello' },
      }),
    ),
    of(`to ${people}, with 1,000 mentions and 1,000 parts`, ({ on, rooms }) =>
      on('POST', `/conversations/${rooms[0]}/messages`, {
        sender: { user_id: 'person-1' },
        mentions: names('person', limits.mentionsPerMessage),
        parts: list(limits.partsPerMessage, () => ({ body: text(1_000), mime_type: 'text/plain' })),
      }),
    ),
  ],
  delete_message: of(`one of 10,000`, ({ on, busyRoom, busyMessage }) =>
    on('DELETE', `/conversations/${busyRoom}/messages/${busyMessage}`),
  ),
  list_messages: of('a page of 100, of 10,000', ({ on, busyRoom }) =>
    on('GET', `/conversations/${busyRoom}/messages?page_size=100`),
  ),
  list_user_messages: of(
    'a page of 100, from the oldest that can be read',
    ({ on, user, busyRoom, busyMessage }) =>
      on('GET', `/users/${user}/conversations/${busyRoom}/messages?page_size=100&from_id=${busyMessage}`),
  ),
  get_message: of('one of 10,000', ({ on, busyRoom, busyMessage }) =>
    on('GET', `/conversations/${busyRoom}/messages/${busyMessage}`),
  ),
  get_user_conversation_message: of('one of 10,000', ({ on, user, busyRoom, busyMessage }) =>
    on('GET', `/users/${user}/conversations/${busyRoom}/messages/${busyMessage}`),
  ),
  get_user_message: of('one of 10,000', ({ on, user, busyMessage }) =>
    on('GET', `/users/${user}/messages/${busyMessage}`),
  ),
  send_user_message: of(`to ${people}, with as much text as a body holds`, ({ on, rooms }) =>
    on('POST', `/users/person-1/conversations/${rooms[0]}/messages`, {
      parts: [{ body: text(textBytes), mime_type: 'text/plain' }],
      notification: { text: 'hello' },
    }),
  ),
  delete_user_message: of('one of 10,000, as read', ({ on, user, busyMessage }) =>
    on('DELETE', `/users/${user}/messages/${busyMessage}?mode=my_devices`),
  ),
  create_message_receipt: of('one of 10,000 unread', ({ on, user, busyMessage }) =>
    on('POST', `/users/${user}/messages/${busyMessage}/receipts`, { type: 'read' }),
  ),
  create_own_message_receipt: of('one of 10,000 unread', ({ own, busyMessage }) =>
    own('POST', `/messages/${busyMessage}/receipts`, { type: 'read' }),
  ),
  create_announcement_receipt: of('one', ({ on, user, announcement }) =>
    on('POST', `/users/${user}/announcements/${announcement}/receipts`, { type: 'read' }),
  ),
  create_own_announcement_receipt: of('one', ({ own, announcement }) =>
    own('POST', `/announcements/${announcement}/receipts`, { type: 'read' }),
  ),
  create_announcement: [
    of(`to ${users} by name, with the longest ids`, ({ on }) =>
      on('POST', '/announcements', {
        recipients: longNames(users),
        sender: { name: 'system' },
        notification: { text: 'hello' },
      }),
    ),
    of('to everyone', ({ on }) =>
      on('POST', '/announcements', {
        recipients: 'everyone',
        sender: { name: 'system' },
        notification: { text: 'hello' },
      }),
    ),
  ],
  create_notification: [
    of(`to ${users} by name, with the longest ids`, ({ on }) =>
      on('POST', '/notifications', { recipients: longNames(users), notification: { text: 'hello' } }),
    ),
    of('with 1,000 texts of their own', ({ on }) =>
      on('POST', '/notifications', {
        recipients: names('person', 1_000),
        notification: {
          text: 'hello',
          recipients: names('person', 1_000).map((user_id) => ({ user_id, text: text(1_000) })),
        },
      }),
    ),
  ],
  create_events: [
    of('1,000 messages to two', ({ on, busyRoom }) =>
      on(
        'POST',
        '/events',
        list(1_000, () => ({ operation: 'send_message', conversation_id: busyRoom, ...message('person-1') })),
      ),
    ),
    of('1,000 conversations of 30', ({ on }) =>
      on(
        'POST',
        '/events',
        list(1_000, (n) => ({ operation: 'create_conversation', participants: names(`c${n}`, 30) })),
      ),
    ),
    of('registering 1,000 devices', ({ on }) => on('POST', '/events', devices('largest', 1_000))),
    of('1,000 times a user with 40,000 conversations', ({ on, user }) =>
      on(
        'POST',
        '/events',
        list(40, () => ({ operation: 'read_badges', user_ids: list(25, () => user) })),
      ),
    ),
    of('1,000 operations that are none', ({ on }) =>
      on(
        'POST',
        '/events',
        list(1_000, (n) => ({ operation: 'send_mesage', n })),
      ),
    ),
    of('30,000 lines of newline-delimited JSON', ({ on, busyRoom }) => ({
      ...on('POST', '/events'),
      contentType: 'application/x-ndjson',
      body: `${JSON.stringify({ operation: 'send_message', conversation_id: busyRoom, ...message('person-1') })}\n`.repeat(
        30_000,
      ),
    })),
    of('lines of 2 MiB', ({ on }) => ({
      ...on('POST', '/events'),
      contentType: 'application/x-ndjson',
      body: `${JSON.stringify({ operation: 'create_conversation', participants: longNames(users) })}\n`.repeat(
        5,
      ),
    })),
  ],
};

export function devices(prefix: string, count: number): object[] {
  return list(count, (index) => ({
    operation: 'register_push_token',
    user_id: `${prefix}-owner-${index}`,
    device_id: `${prefix}-${index}`,
    type: 'fcm',
    token: text(1_000),
  }));
}
