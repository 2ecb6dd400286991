/**
 * The largest allowed input of each operation, by its operationId; routes that the OpenAPI document leaves out stand with
 * their method and URL. A test compares the names with the route table of the server, so none can be forgotten.
 */
import { limits } from '@badged/core';
import { type LargeWorld, list, longNames, message, names, people } from './large_world.js';
import type { CostlyRequest } from './victim.js';

export interface LargestInput {
  readonly what: string;
  readonly request: (world: LargeWorld) => CostlyRequest | Promise<CostlyRequest>;
}

type Inputs = Readonly<Record<string, LargestInput | readonly LargestInput[]>>;

const text = (bytes: number) => 'x'.repeat(bytes);
/** What is left of a body for its text. */
const textBytes = limits.bodyBytes - 4_096;
const users = limits.usersPerRequest;
const of = (what: string, request: LargestInput['request']): LargestInput => ({ what, request });

const badges: Inputs = {
  get_badge: [
    of('40,000 conversations, 10 of them large', ({ on, user }) =>
      on('GET', `/users/${user}/badge?conversations=true`),
    ),
    of('the same, as a stream', ({ on, user }) => ({
      ...on('GET', `/users/${user}/badge?conversations=true`),
      headers: { accept: 'text/event-stream' },
    })),
  ],
  set_badge: of('the largest count', ({ on, user }) => on('PUT', `/users/${user}/badge`, count)),
  post_badge: of('the largest count', ({ on, user }) => on('POST', `/users/${user}/badge`, count)),
  explain_badge: of('40,000 conversations', ({ on, user }) => on('GET', `/users/${user}/badge/explain`)),
  set_external_count: of('the longest name', ({ on, user }) =>
    on('PUT', `/users/${user}/badge/external/${text(limits.nameBytes)}`, { count: 1 }),
  ),
  delete_external_count: of('one name', ({ on, user }) =>
    on('DELETE', `/users/${user}/badge/external/tasks`),
  ),
  set_badges: of('1,000 users', ({ on }) =>
    on('POST', '/users/badge', { users: Object.fromEntries(longNames(1_000).map((name) => [name, 1])) }),
  ),
  read_badges: of('1,000 times a user with 40,000 conversations', ({ on, user }) =>
    on('POST', '/badges/read', { user_ids: list(1_000, () => user) }),
  ),
};
const count = { external_unread_count: limits.externalCount };

const conversations: Inputs = {
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

const messages: Inputs = {
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

const device = { device_id: 'phone', type: 'fcm', token: text(limits.pushTokenBytes) };

const usersOfApp: Inputs = {
  register_push_token: of('the longest token', ({ on, user }) =>
    on('POST', `/users/${user}/push_tokens`, device),
  ),
  register_own_push_token: of('the longest token', ({ own }) => own('POST', '/push_tokens', device)),
  list_push_tokens: of('25 devices', ({ on, user }) => on('GET', `/users/${user}/push_tokens`)),
  list_own_push_tokens: of('25 devices', ({ own }) => own('GET', '/push_tokens')),
  unregister_push_token: of('one', ({ on, user }) => on('DELETE', `/users/${user}/push_tokens/device-1`)),
  unregister_own_push_token: of('one', ({ own }) => own('DELETE', '/push_tokens/device-2')),
  create_block: of(`one more than ${users}`, ({ on, user }) =>
    on('POST', `/users/${user}/blocks`, { user_id: 'another' }),
  ),
  list_blocks: of(`${users} users`, ({ on, user }) => on('GET', `/users/${user}/blocks`)),
  delete_block: of(`one of ${users}`, ({ on, user }) => on('DELETE', `/users/${user}/blocks/b-1`)),
  change_blocks: of(`set ${users} users with the longest ids`, ({ patch }) =>
    patch('/users/person-3', [{ operation: 'set', property: 'blocks', value: longNames(users) }]),
  ),
  create_user_token: of('one', ({ on, user }) => on('POST', `/users/${user}/tokens`, {})),
};

const genesys: Inputs = {
  get_badges_chats: of('40,000 conversations, the newest unread message 10,000 back', ({ own }) =>
    own('GET', '/api/v2/badges/chats?pageSize=100'),
  ),
  delete_badges_chat: of('one entity', ({ own }) => own('DELETE', '/api/v2/badges/chats/person-1')),
  get_tokens_me: of('one', ({ own }) => own('GET', '/api/v2/tokens/me')),
  delete_tokens_me: of('one', ({ own }) => own('DELETE', '/api/v2/tokens/me')),
  get_users_me: of('one', ({ own }) => own('GET', '/api/v2/users/me')),
  get_notifications_availabletopics: of('all', ({ own }) =>
    own('GET', '/api/v2/notifications/availabletopics'),
  ),
  post_notifications_channels: of('one', ({ own }) => own('POST', '/api/v2/notifications/channels')),
  get_notifications_channels: of('all', ({ own }) => own('GET', '/api/v2/notifications/channels')),
  get_notifications_channel_subscriptions: of('all', ({ own, channel }) =>
    own('GET', `/api/v2/notifications/channels/${channel}/subscriptions`),
  ),
  post_notifications_channel_subscriptions: of('1,000 topics', ({ own, channel }) =>
    own('POST', `/api/v2/notifications/channels/${channel}/subscriptions`, topics),
  ),
  put_notifications_channel_subscriptions: of('1,000 topics', ({ own, channel }) =>
    own('PUT', `/api/v2/notifications/channels/${channel}/subscriptions`, topics),
  ),
  delete_notifications_channel_subscriptions: of('all', ({ own, channel }) =>
    own('DELETE', `/api/v2/notifications/channels/${channel}/subscriptions`),
  ),
};
const topics = list(1_000, () => ({ id: 'v2.users.person-0.badges.chats' }));

const key = { kty: 'RSA', e: 'AQAB', n: text(342), kid: 'k', alg: 'RS256', use: 'sig' };

const admin: Inputs = {
  create_app: of('the longest name', ({ admin }) =>
    admin('POST', '/apps', { name: text(limits.appNameBytes) }),
  ),
  list_apps: of('all', ({ admin }) => admin('GET', '/apps')),
  get_app: of('one', ({ admin, app }) => admin('GET', `/apps/${app}`)),
  change_app: of('the mode, with 100,000 users', ({ admin, app }) =>
    admin('PATCH', `/apps/${app}`, { badge_mode: 'unread_conversations' }),
  ),
  delete_app: of('100,000 users', ({ admin, otherApp }) => admin('DELETE', `/apps/${otherApp}`)),
  get_app_setup: of('one', ({ admin, app }) => admin('GET', `/apps/${app}/setup`)),
  create_token: of('one', ({ admin, app }) => admin('POST', `/apps/${app}/tokens`, { label: text(255) })),
  list_tokens: of('all', ({ admin, app }) => admin('GET', `/apps/${app}/tokens`)),
  revoke_token: of('one that is not there', ({ admin, app }) =>
    admin('DELETE', `/apps/${app}/tokens/${app}`),
  ),
  ...credentials('apns', { key_id: 'ABCDE12345', team_id: 'ABCDE12345', key: text(60_000) }),
  ...credentials('fcm', { service_account: { private_key: text(60_000) } }),
  ...credentials('webpush', { subject: 'mailto:a@example.com' }),
  create_oauth_client: of('100 redirect URIs', ({ admin, app }) =>
    admin('POST', `/apps/${app}/oauth_clients`, {
      name: 'client',
      grant_types: ['authorization_code'],
      redirect_uris: list(100, (n) => `https://example.com/${text(1_000)}${n}`),
    }),
  ),
  list_oauth_clients: of('all', ({ admin, app }) => admin('GET', `/apps/${app}/oauth_clients`)),
  get_oauth_client: of('one that is not there', ({ admin, app }) =>
    admin('GET', `/apps/${app}/oauth_clients/${app}`),
  ),
  change_oauth_client: of('100 redirect URIs', ({ admin, app }) =>
    admin('PATCH', `/apps/${app}/oauth_clients/${app}`, {
      redirect_uris: list(100, (n) => `https://example.com/${text(1_000)}${n}`),
    }),
  ),
  delete_oauth_client: of('one that is not there', ({ admin, app }) =>
    admin('DELETE', `/apps/${app}/oauth_clients/${app}`),
  ),
  set_login: of('100 keys', ({ admin, app }) =>
    admin('PUT', `/apps/${app}/login`, { url: 'https://example.com/login', keys: list(100, () => key) }),
  ),
  get_login: of('100 keys', ({ admin, app }) => admin('GET', `/apps/${app}/login`)),
  delete_login: of('one', ({ admin, app }) => admin('DELETE', `/apps/${app}/login`)),
  get_overview: of('the last hour', ({ admin }) => admin('GET', '/overview')),
};

function credentials(provider: string, body: object): Inputs {
  const path = (app: string) => `/apps/${app}/push/${provider}`;
  return {
    [`set_${provider}_credentials`]: of('a key of 60 KB', ({ admin, app }) => admin('PUT', path(app), body)),
    [`get_${provider}_credentials`]: of('one', ({ admin, app }) => admin('GET', path(app))),
    [`delete_${provider}_credentials`]: of('one', ({ admin, app }) => admin('DELETE', path(app))),
    [`test_${provider}`]: of('one', ({ admin, app }) =>
      admin('POST', `${path(app)}/test`, { user_id: 'person-0', device_id: 'device-3' }),
    ),
  };
}

const form = `grant_type=authorization_code&${'a=1&'.repeat(15_000)}`;
const get = (path: string): LargestInput => of('as it is', () => ({ method: 'GET', path }));

/** Open to everyone. */
const pages: Inputs = {
  sign_in: of('a long token', () => ({
    method: 'POST',
    path: '/admin/session',
    body: JSON.stringify({ token: text(1_000) }),
  })),
  get_session: get('/admin/session'),
  sign_out: of('no session', () => ({ method: 'DELETE', path: '/admin/session' })),
  healthz: get('/healthz'),
  readyz: get('/readyz'),
  metrics: get('/metrics'),
  describe_error: get('/errors/conflict'),
  'GET /openapi.json': get('/openapi.json'),
  'GET /docs': get('/docs'),
  'GET /docs/static/index.html': get('/docs/static/index.html'),
  'GET /docs/static/swagger-initializer.js': get('/docs/static/swagger-initializer.js'),
  'GET /docs/static/*': get('/docs/static/swagger-ui-bundle.js'),
  'GET /docs/json': get('/docs/json'),
  'GET /docs/yaml': get('/docs/yaml'),
  'GET /channels/:app_id/:channel_id/:secret': get(`/channels/a/b/${text(8_000)}`),
  'POST /oauth/token': of('a form of 60 KB', () => ({
    method: 'POST',
    path: '/oauth/token',
    body: form,
    contentType: 'application/x-www-form-urlencoded',
  })),
  'GET /oauth/authorize': get(`/oauth/authorize?client_id=${text(12_000)}`),
  'GET /oauth/callback': get(`/oauth/callback?state=${text(12_000)}`),
  'GET /logout': get(`/logout?client_id=${text(12_000)}`),
  'GET /oauth/jwks': get('/oauth/jwks'),
  'GET /': get('/'),
  'GET /phone': get('/phone'),
  'GET /assets/:name': get(`/assets/${text(8_000)}`),
  'GET /favicon.svg': get('/favicon.svg'),
  'GET /phone/manifest.webmanifest': get('/phone/manifest.webmanifest'),
  'GET /phone/worker.js': get('/phone/worker.js'),
  'GET /phone/:name': get(`/phone/${text(8_000)}`),
};

/** In the order in which they are measured: deleting comes last. */
export const largestInputs: Inputs = {
  ...badges,
  ...messages,
  ...usersOfApp,
  ...genesys,
  ...conversations,
  ...pages,
  ...admin,
};
