/** The largest inputs about one user: badges, devices, blocks, and the API of Genesys. */
import { limits } from '@badged/core';
import { list, longNames } from './large_world.js';
import { type Inputs, of, text } from './largest_input.js';

const users = limits.usersPerRequest;

export const badgeInputs: Inputs = {
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
  patch_badge: of('the largest count', ({ patch, user }) =>
    patch(`/users/${user}/badge`, [
      { operation: 'set', property: 'external_unread_count', value: limits.externalCount },
    ]),
  ),
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

const device = { device_id: 'phone', type: 'fcm', token: text(limits.pushTokenBytes) };

export const userInputs: Inputs = {
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

export const genesysInputs: Inputs = {
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
