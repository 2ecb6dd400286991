/** A service that has every kind of data there is, and what it shows of it. */
import { randomBytes } from 'node:crypto';
import { expect } from 'vitest';
import type { Store } from '../../src/store/port.js';
import { content, fcm, Push, webPush } from '../store/push_scenario.js';
import { anApp, now, Scenario, uuid } from '../store/scenario.js';

export const users = ['ann', 'bob', 'Ölaf 🎈', "o'neil", 'dee', 'nobody'];
export const time = { now, until: now + 60_000 };

/** Of the app; `chosen` was chosen by a caller, `made` by the store. */
export interface EveryKind {
  readonly app: string;
  readonly conversation: string;
  readonly made: string;
  readonly chosen: string;
}

export async function fillWithEveryKind(store: Store): Promise<EveryKind> {
  const [first, second] = [anApp(1), anApp(2, { name: 'an "app"\n', settings: external })];
  const chat = new Scenario({ store, dispose: async () => {} }, first.id);
  await store.apps.create(first);
  await store.apps.create(anApp(9));
  await store.apps.delete(anApp(9).id);
  await store.apps.create(second);
  const made = await fillLog(chat);
  await fillPush(store, chat, made.conversation);
  await fillSmallThings(store, first.id, second.id);
  await new Scenario({ store, dispose: async () => {} }, second.id).external('ann', 4);
  // A number that no app has any more.
  await store.apps.create(anApp(8));
  await store.apps.delete(anApp(8).id);
  return { app: first.id, ...made };
}

const external = { mode: 'external', includeAnnouncements: false } as const;

/** Every type of event. */
async function fillLog(chat: Scenario): Promise<Omit<EveryKind, 'app'>> {
  const metadata = { title: 'Tea & "cake" \u2028', nested: { 1: 'one', a: 'ü' } };
  const conversation = await chat.conversation(['ann', 'bob', 'Ölaf 🎈'], { metadata });
  const gone = await chat.conversation(['ann', "o'neil"], { distinct: true });
  const chosen = uuid(0xe0000001);
  await chat.send(conversation, 'ann', { id: chosen, mentions: ['bob'] });
  await chat.block('bob', 'ann');
  const [, second = '', third = ''] = await chat.sendMany(conversation, 'ann', 5);
  await chat.sendFrom(conversation, 'the system', { silent: true });
  await chat.unblock('bob', 'ann');
  const last = await chat.send(conversation, 'Ölaf 🎈');
  await chat.read('bob', second);
  await chat.readAll('Ölaf 🎈', conversation);
  await chat.unreadFrom('Ölaf 🎈', conversation, 3);
  await chat.deleteMessage(last.id);
  await chat.level('bob', conversation, 'mentions', now + 1_000);
  await chat.join(conversation, 'dee');
  await chat.leave(conversation, 'Ölaf 🎈');
  await chat.do({ type: 'delete_conversation', conversation: gone });
  const announcement = await chat.announce('everyone');
  await chat.announce(['ann', 'dee']);
  await chat.do({ type: 'read_announcement', user: 'ann', announcement });
  await chat.external('ann', 3, 'tasks');
  await chat.external('bob', 1);
  return { conversation, made: third, chosen };
}

async function fillPush(store: Store, chat: Scenario, conversation: string): Promise<void> {
  const push = new Push(chat);
  await push.register('bob', 'phone');
  await push.register('bob', 'Tablet', { target: fcm('an fcm token') });
  await push.register('ann', 'ann’s browser', { target: webPush('ann') });
  await push.register('dee', 'old', { target: fcm('another') });
  await push.unregister('dee', 'old');
  const wanted = { platform: 'apns', takesBadgeAlone: true } as const;
  await store.push.claimDevices(chat.app, [{ device: 'phone', ...wanted }], time);
  await store.push.settle(chat.app, [{ device: 'phone', accepted: 7 }], now);
  // This one stays claimed.
  await store.push.claimDevices(chat.app, [{ device: 'Tablet', ...wanted, platform: 'fcm' }], time);
  const sending = { mentions: [], silent: false, at: now, conversation, sender: { userId: 'ann' } } as const;
  await store.execute<'send_message'>(chat.app, { type: 'send_message', ...sending }, content('a message'));
  await store.push.enqueue(chat.app, { id: 'request 1', users: ['bob', 'dee'], content: content('one') });
  await store.push.enqueue(chat.app, { id: 'request 2', users: ['ann'], content: content('two') });
  const alerts = await store.push.claimAlerts(chat.app, 10, time);
  const [message, one] = alerts;
  const settled = ['phone', 'ann’s browser'].map((device) => ({
    device,
    accepted: null,
    alert: message?.id ?? 0,
  }));
  await store.push.settle(chat.app, settled, now);
  await store.push.completeAlert(chat.app, one?.id ?? 0, now);
  for (const platform of ['webpush', 'apns', 'fcm'])
    await store.push.setCredentials(chat.app, platform, randomBytes(50));
}

async function fillSmallThings(store: Store, first: string, second: string): Promise<void> {
  for (const [createdAt, id, app] of [
    [1, 'b', first],
    [2, 'a', first],
    [2, 'c', second],
  ] as const)
    await store.apps.addToken({ id, app, label: `token ${id}`, hash: randomBytes(32), createdAt });
  await store.apps.secret('admin_token_hash', randomBytes(32));
  await store.apps.secret('installation', new Uint8Array());
  const record = { owner: 'ann', value: '{"x":"\\u0000"}', expiresAt: null };
  for (const id of ['z', 'y', 'Z', 'é']) await store.records.insert(first, 'kind', { id, ...record }, now);
  await store.records.insert(second, 'other', { id: 'y', ...record, expiresAt: now + 5 }, now);
}

/** What the service shows: the same, wherever the data is. */
export async function shown(store: Store, { app, conversation }: EveryKind): Promise<unknown> {
  const list = { sortBy: 'last_message', limit: 100, unreadOnly: false } as const;
  const ofEach = <V>(ask: (user: string) => Promise<V>) => Promise.all(users.map(ask));
  return {
    apps: await store.apps.list(),
    tokens: await store.apps.tokens(app),
    badges: await store.ask(app, { type: 'badges', users, now }),
    explained: await ofEach((user) => store.ask(app, { type: 'explanation', user, now })),
    lists: await ofEach((user) => store.ask(app, { type: 'user_conversations', user, ...list, now })),
    chatBadges: await ofEach((user) => store.ask(app, { type: 'chat_badges', user, now })),
    participants: await store.ask(app, { type: 'participants', conversation, limit: 100 }),
    devices: await store.push.devicesAfter(app, '', 100, now),
    credentials: await store.push.credentials(app, 'fcm'),
    depth: await store.push.depth(app),
    records: await store.records.list(app, 'kind', 'ann', now),
    secret: await store.apps.secret('fingerprint_key', new Uint8Array()),
  };
}

/** What callers may do again, or next, is as if the data had never moved. */
export async function expectToGoOn(
  store: Store,
  { app, conversation, made, chosen }: EveryKind,
): Promise<void> {
  const chat = new Scenario({ store, dispose: async () => {} }, app);
  const before = await chat.unread('ann');
  // Retries change nothing: a message, an alert, a record.
  await chat.send(conversation, 'ann', { id: chosen, mentions: ['bob'] });
  expect(await store.push.enqueue(app, { id: 'request 1', users: ['bob'], content: content('one') })).toBe(
    false,
  );
  expect(
    await store.records.insert(app, 'kind', { id: 'z', owner: '', value: '', expiresAt: null }, now),
  ).toBe(false);
  expect(await chat.unread('ann')).toBe(before);
  // An id that the store made is still the message's.
  await chat.read('bob', made);
  await chat.send(conversation, 'dee');
  expect(await chat.unread('ann')).toBe(before + 1);
  // Claims did not move.
  const alerts = await store.push.claimAlerts(app, 10, time);
  expect(alerts.map(({ settled }) => [...settled].sort())).toEqual([['ann’s browser', 'phone'], []]);
  const wanted = { device: 'Tablet', platform: 'fcm', takesBadgeAlone: true } as const;
  expect(await store.push.claimDevices(app, [wanted], time)).toMatchObject([{ kind: 'claimed' }]);
  // What comes next comes after.
  await store.records.insert(app, 'kind', { id: 'a', owner: 'ann', value: '', expiresAt: null }, now);
  const records = await store.records.list(app, 'kind', 'ann', now);
  expect(records.map(({ id }) => id)).toEqual(['z', 'y', 'Z', 'é', 'a']);
  await store.apps.create(anApp(10));
  expect((await store.apps.list()).map(({ id }) => id)).toEqual([1, 2, 10].map((number) => anApp(number).id));
}
