/** Messages, announcements, their receipts, and blocks, over HTTP. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { badgeOf, conversationOf, messageFrom, openWorld, text, uuidOf, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const parts = text('Hello');
const send = (conversation: string, body: object, headers: Record<string, string> = {}) =>
  world.inApp('POST', `/conversations/${conversation}/messages`, { body: { parts, ...body }, headers });

describe('sending', () => {
  test('answers with the position, the parts and who has read it', async () => {
    const id = await conversationOf(world, 'a', 'b');
    const image = { body: 'AAAA', mime_type: 'image/png', encoding: 'base64' };
    const answer = await send(id, {
      sender: { user_id: 'a' },
      parts: [...parts, image],
      notification: {
        text: 'Hi',
        sound: 'chime.aiff',
        apns: { aps: { alert: 'x' } },
        recipients: [{ user_id: 'b', text: 'Yo' }],
      },
    });
    const body = answer.json();
    const conversationUrl = `http://localhost:80/apps/${world.app}/conversations/${id}`;
    expect(answer.statusCode).toBe(201);
    expect(body).toEqual({
      id: body.id,
      url: `${conversationUrl}/messages/${uuidOf(body.id)}`,
      position: 1,
      conversation: { id: `layer:///conversations/${id}`, url: conversationUrl },
      parts: [...parts, image],
      sent_at: '2030-01-01T12:00:00.000Z',
      sender: { user_id: 'a', name: null },
      recipient_status: { a: 'read', b: 'sent' },
    });
    expect(body.id).toMatch(/^layer:\/\/\/messages\/[0-9a-f-]{36}$/);
  });

  test('parts may be left out, since nothing of them is stored; the same message again still is the same', async () => {
    const id = await conversationOf(world, 'np1', 'np2');
    const body = { id: randomUUID(), sender: { user_id: 'np1' } };
    const sent = await world.inApp('POST', `/conversations/${id}/messages`, { body });
    expect([sent.statusCode, sent.json().parts]).toEqual([201, []]);
    expect((await world.inApp('POST', `/conversations/${id}/messages`, { body })).json()).toEqual(
      sent.json(),
    );
    expect((await send(id, body)).statusCode).toBe(409);
    expect(await badgeOf(world, 'np2')).toMatchObject({ badge: 1 });
  });

  test('a system message counts for every participant, and all forms of a sender are understood', async () => {
    const id = await conversationOf(world, 's1', 's2');
    const system = (await send(id, { sender: { name: 't-bone' } })).json();
    expect(system).toMatchObject({
      sender: { user_id: null, name: 't-bone' },
      recipient_status: { s1: 'sent', s2: 'sent' },
    });
    for (const sender of [
      { sender_id: 'layer:///identities/s1' },
      { sender_id: 's1' },
      { sender: { user_id: 's1', name: null } },
      { sender: { user_id: 'layer:///identities/s1' } },
    ]) {
      expect((await send(id, sender)).json().sender).toEqual({ user_id: 's1', name: null });
    }
    expect((await badgeOf(world, 's1')).badge).toBe(1);
    expect((await badgeOf(world, 's2')).badge).toBe(5);
    expect((await send(id, { sender: { user_id: 's1' }, sender_id: 's1' })).json()).toMatchObject({
      code: 105,
    });
    expect((await send(id, { sender: { name: ' ' } })).json()).toMatchObject({
      data: { property: 'sender.name' },
    });
  });

  test('mentions and silence decide what counts', async () => {
    const id = await conversationOf(world, 'q1', 'q2');
    await world.inApp('PUT', `/users/q2/conversations/${id}/notifications`, { body: { level: 'mentions' } });
    await send(id, { sender: { user_id: 'q1' } });
    await send(id, { sender: { user_id: 'q1' }, mentions: ['layer:///identities/q2'] });
    expect(await badgeOf(world, 'q2')).toMatchObject({ badge: 1 });
    await world.inApp('PUT', `/users/q2/conversations/${id}/notifications`, { body: { level: 'all' } });
    await send(id, { sender: { user_id: 'q1' }, silent: true });
    expect(await badgeOf(world, 'q2')).toMatchObject({ badge: 2 });
  });

  test('promise 3: the same id or request id again sends nothing and answers the same', async () => {
    const id = await conversationOf(world, 'i1', 'i2');
    const message = { id: randomUUID(), sender: { user_id: 'i1' } };
    const first = await send(id, message);
    const again = await send(id, { ...message, sender: undefined, sender_id: 'i1' });
    expect([first.statusCode, again.statusCode]).toEqual([201, 201]);
    expect(again.json()).toEqual(first.json());
    const other = await send(id, { ...message, parts: text('Goodbye') });
    expect(other.json()).toMatchObject({ code: 111, data: { id: first.json().id } });
    const elsewhere = await send(await conversationOf(world, 'i1'), message);
    expect(elsewhere.json()).toMatchObject({ code: 111 });

    const request = { 'if-none-match': randomUUID() };
    const once = await send(id, { sender: { user_id: 'i1' } }, request);
    const twice = await send(id, { sender: { user_id: 'i1' } }, request);
    expect(once.json()).toMatchObject({ id: `layer:///messages/${request['if-none-match']}`, position: 2 });
    expect(twice.json()).toEqual(once.json());
    expect(await badgeOf(world, 'i2')).toMatchObject({ unread_message_count: 2 });
  });

  test('in a conversation of more than 100 participants, the status of each is left out', async () => {
    const id = await conversationOf(world, ...Array.from({ length: 101 }, (_, i) => `big${i}`));
    const body = (await send(id, { sender: { user_id: 'big7' } })).json();
    expect(body).not.toHaveProperty('recipient_status');
  });

  test('deleting twice is deleting once', async () => {
    const id = await conversationOf(world, 'd1', 'd2');
    const message = await messageFrom(world, id, 'd1');
    const uri = encodeURIComponent(`layer:///messages/${message}`);
    for (const name of [uri, message]) {
      const answer = await world.inApp('DELETE', `/conversations/${id}/messages/${name}`);
      expect([answer.statusCode, answer.body]).toEqual([204, '']);
    }
    expect(await badgeOf(world, 'd2')).toMatchObject({ badge: 0 });
  });
});

describe('receipts', () => {
  test('promise 3: read twice is read once, and a delivery changes no count', async () => {
    const id = await conversationOf(world, 'r1', 'r2');
    const message = await messageFrom(world, id, 'r1');
    const receipt = async (type: string) =>
      (await world.inApp('POST', `/users/r2/messages/${message}/receipts`, { body: { type } })).statusCode;
    expect([await receipt('delivery'), (await badgeOf(world, 'r2')).badge]).toEqual([204, 1]);
    expect([await receipt('read'), (await badgeOf(world, 'r2')).badge]).toEqual([204, 0]);
    expect([await receipt('read'), (await badgeOf(world, 'r2')).badge]).toEqual([204, 0]);
    expect(await receipt('seen')).toBe(422);
  });

  test("the user's own client says it without naming itself", async () => {
    const id = await conversationOf(world, 'c1', 'c2');
    const message = await messageFrom(world, id, 'c1');
    const token = await world.userToken('c2');
    const uri = encodeURIComponent(`layer:///messages/${message}`);
    const answer = await world.send('POST', `/messages/${uri}/receipts`, { token, body: { type: 'read' } });
    expect([answer.statusCode, (await badgeOf(world, 'c2')).badge]).toEqual([204, 0]);
  });
});

describe('announcements', () => {
  const announce = (body: object, headers: Record<string, string> = {}) =>
    world.inApp('POST', '/announcements', {
      body: { sender: { name: 'The System' }, parts, ...body },
      headers,
    });

  test('reach the named, or everyone who is known, until they are read', async () => {
    const named = await announce({ recipients: ['an1', 'layer:///identities/an2', 'an1'] });
    const body = named.json();
    expect(named.statusCode).toBe(202);
    expect(body).toEqual({
      id: body.id,
      url: `http://localhost:80/apps/${world.app}/announcements/${uuidOf(body.id)}`,
      sent_at: '2030-01-01T12:00:00.000Z',
      recipients: ['an1', 'an2'],
      sender: { user_id: null, name: 'The System' },
      parts,
    });
    expect((await announce({ recipients: 'everyone' })).json().recipients).toBe('everyone');
    await conversationOf(world, 'an3');
    const unread = async (user: string) => (await badgeOf(world, user)).unread_announcement_count;
    expect([await unread('an1'), await unread('an2'), await unread('an3')]).toEqual([2, 2, 0]);

    const receipt = { body: { type: 'read' } };
    const path = `/announcements/${encodeURIComponent(body.id)}/receipts`;
    expect((await world.inApp('POST', `/users/an1${path}`, receipt)).statusCode).toBe(204);
    expect((await world.inApp('POST', `/users/an3${path}`, receipt)).statusCode).toBe(404);
    const token = await world.userToken('an2');
    expect((await world.send('POST', path, { token, body: { type: 'delivery' } })).statusCode).toBe(204);
    expect([await unread('an1'), await unread('an2')]).toEqual([1, 2]);
    expect((await world.send('POST', path, { token, ...receipt })).statusCode).toBe(204);
    expect(await unread('an2')).toBe(1);
  });

  test('need no parts', async () => {
    const body = { recipients: ['np3'], sender: { name: 'x' } };
    const announced = await world.inApp('POST', '/announcements', { body });
    expect([announced.statusCode, announced.json().parts]).toEqual([202, []]);
  });

  test('promise 3: the same id or request id again announces nothing', async () => {
    const message = { id: randomUUID(), recipients: ['ai1', 'ai2'] };
    const first = await announce(message);
    const again = await announce({ ...message, recipients: ['ai2', 'ai1'] });
    expect([again.statusCode, again.json().id]).toEqual([202, first.json().id]);
    expect((await announce({ ...message, recipients: ['ai1'] })).json()).toMatchObject({
      code: 111,
      data: { id: first.json().id },
    });
    const request = { 'if-none-match': randomUUID() };
    await announce({ recipients: ['ai1'] }, request);
    await announce({ recipients: ['ai1'] }, request);
    expect(await badgeOf(world, 'ai1')).toMatchObject({ unread_announcement_count: 2 });
  });

  test('carry no badge of their own', async () => {
    const answer = await announce({ recipients: ['an1'], notification: { badge: 0 } });
    expect(answer.json()).toMatchObject({ code: 105, data: { property: 'notification.badge' } });
  });
});

describe('blocks', () => {
  test('are made, listed and removed, one by one or several at once', async () => {
    const list = async () => (await world.inApp('GET', '/users/owner/blocks')).json();
    const status = async (method: 'POST' | 'DELETE' | 'PATCH', path: string, body?: unknown) =>
      (await world.inApp(method, `/users/owner${path}`, { body })).statusCode;
    expect(await status('POST', '/blocks', { user_id: 'x' })).toBe(204);
    expect(await status('POST', '/blocks', { user_id: 'layer:///identities/x' })).toBe(204);
    expect(await list()).toEqual([{ user_id: 'x' }]);
    const patch = [
      { operation: 'add', property: 'blocks', value: 'y' },
      { operation: 'remove', property: 'blocks', value: 'x' },
    ];
    expect(await status('PATCH', '', patch)).toBe(202);
    expect(await list()).toEqual([{ user_id: 'y' }]);
    expect(await status('DELETE', '/blocks/y')).toBe(204);
    expect(await status('DELETE', '/blocks/y')).toBe(204);
    expect(await list()).toEqual([]);
    expect(await status('PATCH', '', [{ operation: 'set', property: 'blocks', value: ['u', 'v'] }])).toBe(
      202,
    );
    expect(await list()).toEqual([{ user_id: 'u' }, { user_id: 'v' }]);
    expect(await status('PATCH', '', [{ operation: 'add', property: 'friends', value: 'u' }])).toBe(422);
    expect(await status('PATCH', '', [{ operation: 'set', property: 'blocks', value: 'u' }])).toBe(422);
  });

  test('keep a message from counting', async () => {
    const id = await conversationOf(world, 'k1', 'k2');
    await world.inApp('POST', '/users/k2/blocks', { body: { user_id: 'k1' } });
    await messageFrom(world, id, 'k1');
    expect(await badgeOf(world, 'k2')).toMatchObject({ badge: 0 });
  });
});
