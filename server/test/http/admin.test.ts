/** The admin API, user tokens, and where the admin token comes from. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { adminTokenShown, prepareAdminToken } from '../../src/service/admin_token.js';
import { SecretKey } from '../../src/service/sealing.js';
import { matchesHash } from '../../src/service/secrets.js';
import { ShownOnce } from '../../src/service/shown_once.js';
import { ReferenceStore } from '../../src/store/reference/store.js';
import { type Method, openWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

const admin = (method: Method, path: string, body?: unknown) =>
  world.send(method, `/admin/apps${path}`, { token: world.adminToken, body });

describe('apps', () => {
  test('are born with a token that works, and with the usual settings', async () => {
    const answer = await admin('POST', '', { name: 'Chat' });
    const { id, token, ...rest } = answer.json();
    expect(answer.statusCode).toBe(201);
    expect(rest).toEqual({
      name: 'Chat',
      badge_mode: 'unread_messages',
      include_announcements: false,
      jabber_domain: `${id}.badged`,
      created_at: '2030-01-01T12:00:00.000Z',
    });
    expect(token).toMatch(/^badged_[0-9a-f-]{36}_[\w-]{43}$/);
    const body = { external_unread_count: 1 };
    expect((await world.send('PUT', `/apps/${id}/users/a/badge`, { token, body })).statusCode).toBe(204);
    const read = (await admin('GET', `/${id}`)).json();
    expect(read).toEqual({ id, ...rest });
    expect((await admin('GET', '')).json()).toContainEqual(read);
  });

  test('are changed in part', async () => {
    const settings = {
      badge_mode: 'external',
      include_announcements: true,
      jabber_domain: 'Chat.Example.COM',
    };
    const { id } = (await admin('POST', '', { name: 'Before', ...settings })).json();
    const renamed = await admin('PATCH', `/${id}`, { name: 'After' });
    expect([renamed.statusCode, renamed.json()]).toMatchObject([
      200,
      {
        name: 'After',
        badge_mode: 'external',
        include_announcements: true,
        jabber_domain: 'chat.example.com',
      },
    ]);
    expect((await admin('PATCH', `/${id}`, { badge_mode: 'disabled' })).json()).toMatchObject({
      badge_mode: 'disabled',
    });
    expect((await admin('PATCH', `/${id}`, {})).json()).toEqual((await admin('GET', `/${id}`)).json());
    for (const [property, value] of [
      ['name', ' '],
      ['name', 'n'.repeat(256)],
      ['badge_mode', 'all'],
      ['include_announcements', 'yes'],
      ['jabber_domain', 'not a domain'],
    ] as const) {
      expect((await admin('PATCH', `/${id}`, { [property]: value })).json()).toMatchObject({
        code: 105,
        data: { property },
      });
    }
    expect((await admin('POST', '', {})).json()).toMatchObject({ code: 104, data: { property: 'name' } });
  });

  test('are deleted once', async () => {
    const { id } = (await admin('POST', '', { name: 'Gone' })).json();
    expect((await admin('DELETE', `/${id}`)).statusCode).toBe(204);
    for (const path of [`/${id}`, `/${randomUUID()}`, '/none']) {
      expect((await admin('DELETE', path)).json()).toMatchObject({ code: 102 });
      expect((await admin('GET', path)).json()).toMatchObject({ code: 102 });
      expect((await admin('PATCH', path, {})).json()).toMatchObject({ code: 102 });
      expect((await admin('GET', `${path}/tokens`)).json()).toMatchObject({ code: 102 });
      expect((await admin('POST', `${path}/tokens`)).json()).toMatchObject({ code: 102 });
    }
  });
});

test('a token is shown once, and its secret is in no list', async () => {
  const { id } = (await admin('POST', '', { name: 'Tokens' })).json();
  const made = (await admin('POST', `/${id}/tokens`, { label: 'worker' })).json();
  const list = await admin('GET', `/${id}/tokens`);
  expect(list.json().map(({ label }: { label: string }) => label)).toEqual(['first', 'worker']);
  expect(list.body).not.toContain(made.token.slice(-43));
  expect((await admin('DELETE', `/${id}/tokens/${made.id}`)).statusCode).toBe(204);
  expect((await admin('DELETE', `/${id}/tokens/${made.id}`)).json()).toMatchObject({ code: 102 });
  expect((await admin('DELETE', `/${id}/tokens/none`)).json()).toMatchObject({ code: 102 });
  const [first] = (await admin('GET', `/${id}/tokens`)).json();
  expect((await admin('DELETE', `/${world.app}/tokens/${first.id}`)).json()).toMatchObject({ code: 102 });
});

describe('user tokens', () => {
  const path = `/users/${encodeURIComponent('jo/é ')}/tokens`;
  const own = `/users/${encodeURIComponent('jo/é ')}/badge`;

  test('open what is their own until they expire', async () => {
    await world.inApp('PUT', own, { body: { external_unread_count: 1 } });
    const answer = await world.inApp('POST', path, { body: { expires_in: 60 } });
    expect([answer.statusCode, answer.json()]).toMatchObject([201, { token_type: 'bearer', expires_in: 60 }]);
    const token = answer.json().access_token;
    expect((await world.inApp('GET', own, { token })).json()).toMatchObject({ badge: 1 });
    expect(
      (
        await world.inApp('GET', '/users/layer%3A%2F%2F%2Fidentities%2Fjo%252F%25C3%25A9%2520/badge', {
          token,
        })
      ).statusCode,
    ).toBe(200);
    world.clock.now += 59_000;
    expect((await world.inApp('GET', own, { token })).statusCode).toBe(200);
    world.clock.now += 2_000;
    expect((await world.inApp('GET', own, { token })).json()).toMatchObject({ code: 4 });
  });

  test('live an hour unless asked otherwise, and 30 days at most', async () => {
    expect((await world.inApp('POST', path)).json()).toMatchObject({ expires_in: 3600 });
    expect((await world.inApp('POST', path, { body: { expires_in: 30 * 86_400 } })).statusCode).toBe(201);
    for (const expires_in of [30 * 86_400 + 1, 0, -1, 1.5, '60']) {
      expect((await world.inApp('POST', path, { body: { expires_in } })).json()).toMatchObject({ code: 105 });
    }
  });

  test('of another service are not accepted', async () => {
    const other = await openWorld();
    const { text } = await other.service.userTokens.issue({ app: world.app, user: 'jo' });
    expect((await world.inApp('GET', '/users/jo/badge', { token: text })).json()).toMatchObject({ code: 4 });
    await other.close();
  });
});

describe('the admin token', () => {
  test('is made once, pending until it was shown, and then stored as a hash, unless one is configured', async () => {
    const { apps } = new ReferenceStore();
    const once = new ShownOnce(apps, SecretKey.random());
    const first = await prepareAdminToken(once);
    expect(first.pending).toMatch(/^badged_admin_[\w-]{43}$/);
    expect(matchesHash(first.pending ?? '', first.hash)).toBe(true);
    expect(await prepareAdminToken(once)).toEqual(first);
    await adminTokenShown(once, first);
    expect(await prepareAdminToken(once)).toEqual({ hash: first.hash });
    const configured = await prepareAdminToken(once, 'mine');
    expect([matchesHash('mine', configured.hash), configured.pending]).toEqual([true, undefined]);
    expect(await prepareAdminToken(once)).toEqual({ hash: first.hash });
  });

  test('that was sealed with another secret key, and never shown, is replaced', async () => {
    const { apps } = new ReferenceStore();
    const lost = await prepareAdminToken(new ShownOnce(apps, SecretKey.random()));
    const once = new ShownOnce(apps, SecretKey.random());
    const made = await prepareAdminToken(once);
    expect(made.pending).not.toBe(lost.pending);
    expect(await prepareAdminToken(once)).toEqual(made);
  });
});
