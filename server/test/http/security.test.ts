/** Attacks on the main API by those who hold a token: one that was revoked, and one of a user with a telling name. */
import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

describe('promise 8: a token sees its app only', () => {
  test('a stream of operations ends with the token it was opened with', async () => {
    const admin = { token: world.adminToken };
    const issued = (
      await world.send('POST', `/admin/apps/${world.app}/tokens`, { ...admin, body: {} })
    ).json();
    const base = await world.http.listen({ host: '127.0.0.1', port: 0 });
    const streaming = request(`${base}/apps/${world.app}/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${issued.token}`, 'content-type': 'application/x-ndjson' },
    });
    const setBadge = (external: number) =>
      streaming.write(`${JSON.stringify({ operation: 'set_badges', users: { streamed: external } })}\n`);
    setBadge(1);
    const [answers] = await once(streaming, 'response');
    const [line] = await once(answers, 'data');
    expect(JSON.parse(String(line))).toEqual({ status: 204 });
    await world.send('DELETE', `/admin/apps/${world.app}/tokens/${issued.id}`, admin);
    streaming.on('error', () => {});
    const cut = once(answers, 'error');
    setBadge(2);
    await cut;
    const badge = (await world.inApp('GET', '/users/streamed/badge')).json();
    expect(JSON.stringify(badge)).toContain('1');
    expect(badge.external_unread_count).toBe(1);
  });
});

describe('promise 8: a user’s token sees that user only', () => {
  test('nobody gets a token that reads as somebody else’s', async () => {
    const called = encodeURIComponent('layer:///identities/boss');
    const nested = encodeURIComponent(`layer:///identities/${called}`);
    const answer = await world.inApp('POST', `/users/${nested}/tokens`, { body: {} });
    expect([answer.statusCode, answer.json().data]).toEqual([422, { property: 'user_id' }]);
  });
});
