/** Requests that a review of an earlier version measured, as large as they were then. Today most of them are refused. */
import { progress } from '../measure/progress.js';
import { devices } from './app_inputs.js';
import { type LargeWorld, list, message, names, people } from './large_world.js';
import type { CostlyRequest, Victim } from './victim.js';

export interface KnownRow {
  readonly what: string;
  readonly request: (world: LargeWorld, victim: Victim) => CostlyRequest | Promise<CostlyRequest>;
}

const eightMegabytes = 8 * 1024 * 1024 - 1024;
const filled = (piece: string) => piece.repeat(Math.floor(eightMegabytes / piece.length) - 10);

export const knownRows: readonly KnownRow[] = [
  {
    what: '`{"participants": [1,1,1,…]}` of 8 MB, app token',
    request: ({ on }) => ({ ...on('POST', '/conversations'), body: `{"participants":[${filled('1,')}1]}` }),
  },
  {
    what: '`"parts": [{},{},…]` of 8 MB, app token',
    request: ({ on, busyRoom }) => ({
      ...on('POST', `/conversations/${busyRoom}/messages`),
      body: `{"sender":{"user_id":"person-1"},"parts":[${filled('{},')}{}]}`,
    }),
  },
  {
    what: '`[[[[…` of 8 MB, user token',
    request: ({ own, app, user }) => ({
      ...own('POST', `/apps/${app}/users/${user}/push_tokens`),
      body: filled('['),
    }),
  },
  {
    what: '600,000 keys, user token',
    request: ({ own, app, user }) => ({
      ...own('POST', `/apps/${app}/users/${user}/push_tokens`),
      body: JSON.stringify(Object.fromEntries(names('k', 600_000).map((key) => [key, 1]))),
    }),
  },
  {
    what: 'PATCH: metadata of 300,000 keys, then 99 times `set metadata.x`',
    request: async ({ patch, room }) =>
      patch(`/conversations/${await room(2)}`, [
        {
          operation: 'set',
          property: 'metadata',
          value: Object.fromEntries(names('k', 300_000).map((key) => [key, '1'])),
        },
        ...list(99, () => ({ operation: 'set', property: 'metadata.x', value: '1' })),
      ]),
  },
  {
    what: `PATCH: 100 times \`set participants []\` in a room of ${people}, refused at the end`,
    request: ({ patch, rooms }) =>
      patch(`/conversations/${rooms[1]}`, [
        ...list(99, () => ({ operation: 'set', property: 'participants', value: [] })),
        { operation: 'remove', property: 'metadata', value: 1 },
      ]),
  },
  {
    what: 'PATCH blocks: `set` of 300,000 users, then `set []`',
    request: ({ patch }) =>
      patch('/users/blocker', [
        { operation: 'set', property: 'blocks', value: names('b', 300_000) },
        { operation: 'set', property: 'blocks', value: [] },
      ]),
  },
  ...[8_000, 20_000].map((size) => ({
    what: `a distinct conversation of ${size}, all but one as another`,
    request: async ({ on }: LargeWorld, victim: Victim) => {
      const participants = (last: string) => [...names('d', size - 1), last];
      const create = (last: string) =>
        on('POST', '/conversations', { participants: participants(last), distinct: true });
      await victim.send(create('one'));
      return create('other');
    },
  })),
  {
    what: 'a batch of 100 mark_unread, each 9,990 back',
    request: ({ on, user, busyRoom }) => {
      const back = { operation: 'mark_unread', user_id: user, conversation_id: busyRoom };
      return on(
        'POST',
        '/events',
        list(100, (n) => ({ ...back, position: 10 + (n % 2) })),
      );
    },
  },
  {
    what: `creating a room of ${people}`,
    request: ({ on }) => on('POST', '/conversations', { participants: names('person', people) }),
  },
  {
    what: `announcing to ${people} by name`,
    request: ({ on }) =>
      on('POST', '/announcements', { recipients: names('person', people), sender: { name: 'system' } }),
  },
  {
    what: `deleting a room of ${people}`,
    request: ({ on, rooms }) => on('DELETE', `/conversations/${rooms[8]}?mode=all_participants`),
  },
  {
    what: 'a bulk read of one user with 40,000 conversations, 1,000 times',
    request: ({ on, user }) => on('POST', '/badges/read', { user_ids: list(1_000, () => user) }),
  },
  {
    what: `a page of 10 rooms of ${people}`,
    request: ({ on }) => on('GET', '/users/person-99999/conversations?page_size=10'),
  },
  {
    what: 'a batch registering 1,000 devices',
    request: ({ on }) => on('POST', '/events', devices('known', 1_000)),
  },
  {
    what: 'GET /api/v2/badges/chats, newest counted message 10,000 back, user token',
    request: readsFarBack,
  },
];

/** A user who sent the last 9,999 messages of a conversation: only the one before them counts. */
async function readsFarBack({ on, send }: LargeWorld): Promise<CostlyRequest> {
  progress('10,000 messages of one sender');
  // A user of few conversations, so that this one is what is read.
  const reader = 'far-reader';
  const issued = await send(on('POST', `/users/${reader}/tokens`, {}));
  const token = /"access_token":"([^"]+)"/.exec(issued.text)?.[1] ?? '';
  const own = await send(on('POST', '/conversations', { participants: [reader, 'person-1'] }));
  const id = /layer:\/\/\/conversations\/([^"]+)"/.exec(own.text)?.[1] ?? '';
  for (let n = 0; n < 10; n += 1) {
    const sends = list(1_000, (index) => ({
      operation: 'send_message',
      conversation_id: id,
      ...message(n === 0 && index === 0 ? 'person-1' : reader),
    }));
    await send(on('POST', '/events', sends));
  }
  return { method: 'GET', path: '/api/v2/badges/chats', token };
}
