/** Notifications: what reaches the outbox, with messages, announcements and on its own. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OutboxAlert } from '../../src/store/push_port.js';
import { expectError } from './expect_error.js';
import { conversationOf, openWorld, text, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Whatever was put into the outbox since the last time, and what it says. */
async function outbox(): Promise<{ alert: OutboxAlert; says: unknown }[]> {
  const { push } = world.service.store;
  const { now } = world.clock;
  const alerts = await push.claimAlerts(world.app, 100, { now, until: now + 1 });
  for (const alert of alerts) await push.completeAlert(world.app, alert.id, now);
  return alerts.map((alert) => ({ alert, says: JSON.parse(alert.content.notification) }));
}

async function say(body: object, headers: Record<string, string> = {}) {
  const conversation = await conversationOf(world, 'a', 'b');
  const message = { sender: { user_id: 'a' }, parts: text('hello'), ...body };
  return world.inApp('POST', `/conversations/${conversation}/messages`, { body: message, headers });
}

const whole = {
  title: 'A title',
  text: 'A text',
  sound: 'chime.caf',
  category: 'chat',
  'title-loc-key': 'TITLE',
  'title-loc-args': ['x'],
  'loc-key': 'TEXT',
  'loc-args': ['y', 'z'],
  apns: { 'thread-id': 't' },
  data: { conversation: 'c', depth: { n: 1 } },
  recipients: [{ user_id: 'b', title: 'For B', text: 'You', sound: 'b.caf' }],
};

describe('a message', () => {
  test('with a notification puts one alert into the outbox, with all that a push needs, for a day', async () => {
    expect((await say({ notification: { ...whole, unknown: 'secret' } })).statusCode).toBe(201);
    const [one, ...others] = await outbox();
    expect(others).toEqual([]);
    expect(one?.says).toEqual(whole);
    expect(one?.alert.audience).toMatchObject({ kind: 'message', position: 1 });
    expect(one?.alert.content.expiresAt).toBe(world.clock.now + 86_400_000);
  });

  test('without one, or with one that says nothing, goes silently', async () => {
    for (const body of [
      {},
      { notification: {} },
      { notification: { sound: 'x', data: { a: 1 } } },
      { notification: { title: '', text: '' } },
    ]) {
      expect((await say(body)).statusCode).toBe(201);
    }
    expect(await outbox()).toEqual([]);
  });

  test('that says something to one recipient only has an alert', async () => {
    const recipients = [{ user_id: 'layer:///identities/b%2F1', text: 'You' }];
    await say({ notification: { recipients } });
    expect((await outbox()).map(({ says }) => says)).toEqual([
      { recipients: [{ user_id: 'b/1', text: 'You' }] },
    ]);
  });

  test('promise 3: sent twice, alerts once', async () => {
    const conversation = await conversationOf(world, 'a', 'b');
    const id = randomUUID();
    const body = { id, sender: { user_id: 'a' }, parts: text('once'), notification: { text: 'once' } };
    for (let n = 0; n < 2; n += 1) {
      const answer = await world.inApp('POST', `/conversations/${conversation}/messages`, { body });
      expect(answer.statusCode).toBe(201);
    }
    expect(await outbox()).toHaveLength(1);
  });

  test('in a batch has its alert too, and a refused one has none', async () => {
    const conversation_id = await conversationOf(world, 'a', 'b');
    const message = {
      operation: 'send_message',
      conversation_id,
      sender: { user_id: 'a' },
      parts: text('x'),
      notification: { text: 'in a batch' },
    };
    const body = [message, { ...message, sender: { user_id: 'stranger' } }];
    const answers = (await world.inApp('POST', '/events', { body })).json();
    expect(answers.map(({ status }: { status: number }) => status)).toEqual([201, 422]);
    expect((await outbox()).map(({ says }) => says)).toEqual([{ text: 'in a batch' }]);
  });
});

test('an announcement with a notification alerts those it is for', async () => {
  const announcement = { sender: { name: 'News' }, parts: text('news'), notification: { text: 'News!' } };
  await world.inApp('POST', '/announcements', { body: { ...announcement, recipients: 'everyone' } });
  await world.inApp('POST', '/announcements', {
    body: { ...announcement, recipients: ['a'], notification: {} },
  });
  const alerts = await outbox();
  expect(alerts).toMatchObject([{ alert: { audience: { kind: 'announcement' } }, says: { text: 'News!' } }]);
});

describe('a notification of its own', () => {
  const send = (body: object, headers: Record<string, string> = {}) =>
    world.inApp('POST', '/notifications', { body, headers });

  test('is 202 with its id, and reaches the outbox for those it names, each once', async () => {
    const answer = await send({ recipients: ['a', 'b', 'layer:///identities/a'], notification: whole });
    expect(answer.statusCode).toBe(202);
    expect(answer.json()).toEqual({
      id: expect.stringMatching(/^layer:\/\/\/notifications\/[0-9a-f-]{36}$/),
      recipients: ['a', 'b'],
    });
    expect(await outbox()).toMatchObject([
      { alert: { audience: { kind: 'users', users: ['a', 'b'] } }, says: whole },
    ]);
  });

  test('promise 3: the same request id, or the same id, is the same push', async () => {
    const body = { recipients: ['a'], notification: { text: 'x' } };
    const requestId = randomUUID();
    const first = await send(body, { 'if-none-match': requestId });
    const again = await send(body, { 'if-none-match': `"${requestId}"` });
    expect(again.json()).toEqual(first.json());
    expect(first.json().id).toBe(`layer:///notifications/${requestId}`);
    const id = randomUUID();
    for (const form of [id, `layer:///notifications/${id}`])
      expect((await send({ ...body, id: form })).json().id).toBe(`layer:///notifications/${id}`);
    expect(await outbox()).toHaveLength(2);
  });

  test('that was delivered meanwhile is not sent again', async () => {
    const body = { id: randomUUID(), recipients: ['a'], notification: { text: 'x' } };
    await send(body);
    expect(await outbox()).toHaveLength(1);
    expect((await send(body)).statusCode).toBe(202);
    expect(await outbox()).toHaveLength(0);
  });

  test.each([
    ['recipients', {}],
    ['notification', { recipients: ['a'] }],
  ])('without %s is refused', async (property, body) => {
    expectError(await send({ ...body }), 'missing_property', { property });
  });

  test.each([
    ['recipients', { recipients: [], notification: {} }],
    ['recipients', { recipients: 'everyone', notification: {} }],
    ['recipients', { recipients: [''], notification: {} }],
    ['id', { id: 'x', recipients: ['a'], notification: {} }],
    ['notification.badge', { recipients: ['a'], notification: { badge: 3 } }],
    ['notification.apns.badge', { recipients: ['a'], notification: { apns: { badge: 0 } } }],
    ['notification.data', { recipients: ['a'], notification: { data: 'x' } }],
    [
      'notification.recipients.0.user_id',
      { recipients: ['a'], notification: { recipients: [{ user_id: '' }] } },
    ],
  ])('with a wrong %s is refused, and nothing is pushed', async (property, body) => {
    expectError(await send(body), 'invalid_property', { property });
    expect(await outbox()).toEqual([]);
  });
});
