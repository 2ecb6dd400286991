/** What clients in the field send in their headers, and what browsers get in the answers. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anonymous, badgeOf, conversationOf, openWorld, type World } from './world.js';

let world: World;
let conversation: string;
beforeAll(async () => {
  world = await openWorld();
  conversation = await conversationOf(world, 'a', 'b');
});
afterAll(() => world.close());

const badge = '/users/a/badge';

describe('Accept', () => {
  test.each([
    '',
    '*/*',
    'application/json',
    'application/*',
    'application/vnd.layer+json',
    'application/vnd.layer+json; version=1.0',
    'application/vnd.layer+json; version=1.1',
    'application/vnd.layer+json;version="2.0"',
    'Application/Vnd.Layer+JSON; Version=3.0',
    'text/html, application/json;q=0.9',
    'application/vnd.layer+json; version=9, */*; q=0.1',
  ])('%j is fine', async (accept) => {
    expect((await world.inApp('GET', badge, { headers: { accept } })).statusCode).toBe(200);
  });

  test.each([
    'application/vnd.layer+json; version=9.0',
    'application/vnd.layer+json; version=',
    'application/vnd.layer+json; version',
    'application/vnd.layer+json; version="1.1',
    'application/vnd.layer+json; version=1.1.1',
    'text/html',
    'nonsense',
  ])('%j is refused', async (accept) => {
    const answer = await world.inApp('GET', badge, { headers: { accept } });
    expect(answer.statusCode).toBe(406);
    expect(answer.json()).toMatchObject({ code: 107, data: { header: 'Accept' } });
  });
});

describe('Content-Type', () => {
  const count = { external_unread_count: 3 };

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'application/vnd.layer+json',
    'application/vnd.layer+json; version=1.1',
    'APPLICATION/JSON',
  ])('%s is read', async (type) => {
    const answer = await world.inApp('PUT', badge, { body: count, headers: { 'content-type': type } });
    expect(answer.statusCode).toBe(204);
  });

  test('a patch is read as what it is', async () => {
    const headers = { 'content-type': 'application/vnd.layer-patch+json' };
    const body = [{ operation: 'set', property: 'metadata.title', value: 'x' }];
    expect((await world.inApp('PATCH', `/conversations/${conversation}`, { body, headers })).statusCode).toBe(
      204,
    );
  });

  test.each(['application/x-www-form-urlencoded', 'text/plain', 'application/x-ndjson', 'nonsense', ''])(
    'a body of type %j is refused',
    async (type) => {
      const answer = await world.inApp('PUT', badge, { body: count, headers: { 'content-type': type } });
      expect(answer.json()).toMatchObject({ code: 10 });
      expect(answer.statusCode).toBe(400);
    },
  );

  test('an empty body of any type is no body', async () => {
    const headers = { 'content-type': 'application/json' };
    expect((await world.inApp('GET', badge, { headers })).statusCode).toBe(200);
    const id = await conversationOf(world, 'a');
    expect((await world.inApp('DELETE', `/conversations/${id}`, { headers })).statusCode).toBe(204);
    expect((await world.inApp('POST', '/users/a/tokens', { headers })).statusCode).toBe(201);
    const read = `/users/a/conversations/${conversation}/mark_all_read`;
    expect((await world.inApp('POST', read, { headers })).statusCode).toBe(204);
    expect((await world.inApp('POST', read, { headers: { 'content-type': 'text/plain' } })).statusCode).toBe(
      204,
    );
    expect((await world.inApp('POST', read)).statusCode).toBe(204);
  });

  test.each(['{', 'null', '5', '"x"', '[]', '{"external_unread_count": 1}}', '\ufeff', 'NaN'])(
    'the body %j is refused as a whole',
    async (body) => {
      const answer = await world.inApp('PUT', badge, { body });
      expect(answer.json()).toMatchObject({ code: 10 });
    },
  );

  test('a body that is no UTF-8 is refused, and so is one that is too large', async () => {
    const headers = { authorization: `Bearer ${world.token}`, 'content-type': 'application/json' };
    const send = (payload: Buffer) =>
      world.http.inject({ method: 'POST', url: `/apps/${world.app}/conversations`, headers, payload });
    const latin = Buffer.from('{"participants":["caf\xe9"]}', 'latin1');
    expect((await send(latin)).json()).toMatchObject({ code: 10, message: expect.stringContaining('UTF-8') });
    const large = await send(Buffer.alloc(8 * 1024 * 1024 + 1, ' '));
    expect(large.json()).toMatchObject({ code: 10, message: expect.stringContaining('too large') });
    expect(large.statusCode).toBe(400);
  });
});

describe('X-HTTP-Method-Override', () => {
  const as = (method: string) => ({ 'x-http-method-override': method });

  test('a POST is the method that it names', async () => {
    const id = await conversationOf(world, 'a', 'b');
    const patch = [{ operation: 'add', property: 'participants', value: 'c' }];
    const patched = await world.inApp('POST', `/conversations/${id}`, { body: patch, headers: as('PATCH') });
    expect(patched.statusCode).toBe(204);
    expect((await world.inApp('GET', `/conversations/${id}`)).json().participants).toEqual(['a', 'b', 'c']);
    const put = { body: { external_unread_count: 21 }, headers: as('put') };
    expect((await world.inApp('POST', badge, put)).statusCode).toBe(204);
    expect((await badgeOf(world, 'a')).external_unread_count).toBe(21);
    expect((await world.inApp('POST', `/conversations/${id}`, { headers: as('DELETE') })).statusCode).toBe(
      204,
    );
    expect((await world.inApp('GET', `/conversations/${id}`)).statusCode).toBe(410);
  });

  test('only a POST is', async () => {
    expect(
      (await world.inApp('GET', `/conversations/${conversation}`, { headers: as('DELETE') })).statusCode,
    ).toBe(200);
    expect((await world.inApp('GET', `/conversations/${conversation}`)).statusCode).toBe(200);
  });

  test('another method is refused, and nothing is posted', async () => {
    const answer = await world.inApp('POST', '/users/posted/badge', {
      body: { external_unread_count: 1 },
      headers: as('TRACE'),
    });
    expect(answer.json()).toMatchObject({ code: 107, data: { header: 'X-HTTP-Method-Override' } });
    expect((await world.inApp('GET', '/users/posted/badge')).statusCode).toBe(404);
    const post = await world.inApp('POST', badge, {
      body: { external_unread_count: 1 },
      headers: as('POST'),
    });
    expect(post.statusCode).toBe(204);
  });

  test('the rule of the method that it names decides who may', async () => {
    const token = await world.userToken('a');
    const answer = await world.inApp('POST', badge, {
      token,
      headers: as('PUT'),
      body: { external_unread_count: 0 },
    });
    expect(answer.json()).toMatchObject({ code: 101 });
  });
});

describe('addresses', () => {
  test('a slash at the end changes nothing', async () => {
    expect((await world.inApp('GET', `${badge}/`)).statusCode).toBe(200);
  });

  test('an address that does not exist is not found, with and without a token', async () => {
    for (const url of [
      '/nothing',
      '/apps',
      `/apps/${world.app}/users/a`,
      '/push_token',
      `/apps/${world.app}/notification`,
    ]) {
      for (const token of [world.token, anonymous] as const) {
        const answer = await world.send('GET', url, { token });
        if (url.endsWith('/users/a')) expect(answer.json()).toMatchObject({ code: 109 });
        else expect(answer.json()).toMatchObject({ code: 106 });
      }
    }
  });

  test('another method is refused with those that are known', async () => {
    const answer = await world.inApp('DELETE', '/users/badge');
    expect(answer.statusCode).toBe(405);
    expect(answer.headers.allow).toBe('PATCH, POST');
    const options = await world.http.inject({ method: 'OPTIONS', url: `/apps/${world.app}${badge}` });
    expect(options.statusCode).toBe(405);
  });

  test('an address that cannot be decoded is not found', async () => {
    const answer = await world.inApp('GET', '/users/%E0%A4%A/badge');
    expect(answer.json()).toMatchObject({ code: 106 });
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    const genesys = await world.send('DELETE', '/api/v2/badges/chats/%E0%A4%A');
    expect(genesys.json()).toMatchObject({ status: 404, code: 'not.found', contextId: expect.any(String) });
  });

  test('answers carry the address that they were asked at, or the configured one', async () => {
    const asked = await world.inApp('GET', `/conversations/${conversation}`, {
      headers: { host: 'badges.test:81' },
    });
    expect(asked.json().url).toBe(`http://badges.test:81/apps/${world.app}/conversations/${conversation}`);
    const configured = await openWorld({ config: { publicUrl: 'https://badges.example.com/' } });
    const body = { participants: ['a'] };
    const made = (await configured.inApp('POST', '/conversations', { body })).json();
    expect(made.messages_url).toBe(`${made.url}/messages`);
    expect(made.url).toMatch(/^https:\/\/badges\.example\.com\/apps\//);
    await configured.close();
  });
});

test('answers tell browsers to guess nothing, keep nothing and frame nothing', async () => {
  for (const url of [`/apps/${world.app}${badge}`, '/nothing', '/healthz']) {
    const { headers } = await world.send('GET', url);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'cache-control': url.endsWith('badge') ? 'private, no-cache' : 'no-store',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    });
    expect(headers['x-request-id']).toMatch(/^[0-9a-f-]{36}$/);
  }
});
