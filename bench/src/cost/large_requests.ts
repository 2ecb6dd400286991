/** Large requests that are allowed, and hostile ones that need something to be there first. */
import { progress } from '../measure/progress.js';
import type { CostlyRequest, Victim } from './victim.js';

export type Measure = (operation: string, what: string, request: CostlyRequest) => Promise<void>;

const people = 100_000;

export async function largeRequests(victim: Victim, measure: Measure): Promise<void> {
  const { id, token } = victim.app;
  const on = (method: string, path: string, body?: unknown): CostlyRequest => ({
    method,
    path: `/apps/${id}${path}`,
    token,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const patch = (path: string, operations: unknown): CostlyRequest => ({
    ...on('PATCH', path, operations),
    contentType: 'application/vnd.layer-patch+json',
  });
  const room = async (request: CostlyRequest): Promise<string> => {
    const { status, text } = await victim.send(request);
    const found = /layer:\/\/\/conversations\/([^"]+)"/.exec(text)?.[1];
    if (found === undefined) throw new Error(`no conversation: ${status} ${text.slice(0, 300)}`);
    return found;
  };
  const everyone = names('person', people);

  await measure(
    'create_conversation',
    `${people} participants`,
    on('POST', '/conversations', { participants: everyone }),
  );
  const large = await room(on('POST', '/conversations', { participants: everyone }));
  await measure(
    'send_message',
    `to ${people}`,
    on('POST', `/conversations/${large}/messages`, message('person-1')),
  );
  await measure('get_conversation', `${people} participants`, on('GET', `/conversations/${large}`));
  await measure(
    'change_conversation',
    '100 times set participants [], refused at the end',
    patch(`/conversations/${large}`, [
      ...Array.from({ length: 100 }, () => ({ operation: 'set', property: 'participants', value: [] })),
      { operation: 'remove', property: 'metadata', value: 1 },
    ]),
  );
  await measure(
    'create_announcement',
    `to ${people} by name`,
    on('POST', '/announcements', { recipients: everyone }),
  );
  await measure(
    'create_notification',
    `to ${people} by name`,
    on('POST', '/notifications', {
      recipients: everyone,
      notification: { text: 'hello' },
    }),
  );
  progress('10 large rooms');
  for (let n = 0; n < 9; n += 1)
    await room(on('POST', '/conversations', { participants: everyone, distinct: false }));
  await measure(
    'list_user_conversations',
    `a page of 10 rooms of ${people}`,
    on('GET', '/users/person-1/conversations'),
  );
  await measure(
    'delete_conversation',
    `${people} participants`,
    on('DELETE', `/conversations/${large}?mode=all_participants`),
  );
  await measure(
    'change_conversation',
    'metadata of 300,000 keys, then 99 times set metadata.x',
    patch(`/conversations/${await room(on('POST', '/conversations', { participants: ['a', 'b'] }))}`, [
      {
        operation: 'set',
        property: 'metadata',
        value: Object.fromEntries(names('k', 300_000).map((key) => [key, '1'])),
      },
      ...Array.from({ length: 99 }, () => ({ operation: 'set', property: 'metadata.x', value: '1' })),
    ]),
  );
  await measure(
    'change_blocks',
    'set 300,000 users, then set []',
    patch('/users/blocker', [
      { operation: 'set', property: 'blocks', value: names('b', 300_000) },
      { operation: 'set', property: 'blocks', value: [] },
    ]),
  );
  const distinct = names('d', 20_000);
  await room(on('POST', '/conversations', { participants: [...distinct, 'one'], distinct: true }));
  await measure(
    'create_conversation',
    'distinct, 20,000 participants, all but one as another',
    on('POST', '/conversations', { participants: [...distinct, 'other'], distinct: true }),
  );
  await markUnread(victim, measure, on, room);
  await measure('create_events', 'registering 1,000 devices', on('POST', '/events', devices(1_000)));
  await manyConversations(victim, measure, on);
}

async function markUnread(
  victim: Victim,
  measure: Measure,
  on: (method: string, path: string, body?: unknown) => CostlyRequest,
  room: (request: CostlyRequest) => Promise<string>,
): Promise<void> {
  progress('10,000 messages');
  const busy = await room(on('POST', '/conversations', { participants: ['writer', 'reader'] }));
  const send = { operation: 'send_message', conversation_id: busy, ...message('writer') };
  for (let n = 0; n < 10; n += 1)
    await victim.send(
      on(
        'POST',
        '/events',
        Array.from({ length: 1_000 }, () => send),
      ),
    );
  await victim.send(on('POST', `/users/reader/conversations/${busy}/mark_all_read`, {}));
  const back = { operation: 'mark_unread', user_id: 'reader', conversation_id: busy };
  await measure(
    'create_events',
    '100 times mark_unread, 9,990 messages back',
    on(
      'POST',
      '/events',
      Array.from({ length: 100 }, (_, n) => ({ ...back, position: 10 + (n % 2) })),
    ),
  );
}

async function manyConversations(
  victim: Victim,
  measure: Measure,
  on: (method: string, path: string, body?: unknown) => CostlyRequest,
): Promise<void> {
  progress('a user in 40,000 conversations');
  for (let n = 0; n < 40; n += 1) {
    const create = {
      operation: 'create_conversation',
      participants: ['busy', `friend-${n}`],
      distinct: false,
    };
    await victim.send(
      on(
        'POST',
        '/events',
        Array.from({ length: 1_000 }, () => create),
      ),
    );
  }
  await measure('get_badge', '40,000 conversations', on('GET', '/users/busy/badge'));
  await measure(
    'set_badges',
    'one user with 40,000 conversations, 1,000 times',
    on('POST', '/users/badge', { users: Array.from({ length: 1_000 }, () => ({ user_id: 'busy' })) }),
  );
  await measure('list_user_conversations', '40,000 conversations', on('GET', '/users/busy/conversations'));
  await measure('explain_badge', '40,000 conversations', on('GET', '/users/busy/badge/explain'));
}

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

function message(sender: string): object {
  return { sender: { user_id: sender }, parts: [{ body: 'hello', mime_type: 'text/plain' }] };
}

function devices(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    operation: 'register_push_token',
    user_id: `owner-${index}`,
    device_id: `device-${index}`,
    platform: 'fcm',
    token: `token-${index}`,
  }));
}
