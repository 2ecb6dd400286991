// What a request is made of, and what an answer that is none of the wanted ones becomes.

import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadgedError, createClient } from '../../src/api/index.js';
import { type BadgeService, startBadgeService } from './service.js';

let service: BadgeService;
beforeAll(async () => {
  service = await startBadgeService();
});
afterAll(() => service.close());

describe('an address', () => {
  it('holds any user id and name, and comes to the same user', async () => {
    const { app, direct: client } = service;
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
    const id = fc.oneof(text, fc.constantFrom('a/b', 'a%2Fb', '...', ' ', '?', '#', '..\\', 'é🐝'));
    const counted = fc.uniqueArray(fc.tuple(id, fc.nat(1000)), {
      minLength: 1,
      selector: ([user_id]) => user_id,
    });
    await fc.assert(
      fc.asyncProperty(counted, async (counts) => {
        // The service takes no id with a NUL; those of dots are the next test's.
        fc.pre(counts.every(([user_id]) => !/^\.{1,2}$/.test(user_id) && !user_id.includes('\0')));
        await Promise.all(
          counts.map(([user_id, external_unread_count]) =>
            client.setBadge({ ...app, user_id, external_unread_count }),
          ),
        );
        const read = await client.readBadges({ ...app, user_ids: counts.map(([user_id]) => user_id) });
        const [[user_id, count] = ['', 0]] = counts;
        expect(read.users).toMatchObject(
          Object.fromEntries(
            counts.map(([user, external_unread_count]) => [user, { external_unread_count }]),
          ),
        );
        expect((await client.getBadge({ ...app, user_id })).external_unread_count).toBe(count);
      }),
      { numRuns: 4 },
    );
  });

  it('is never made of what would lead elsewhere; a user of such a name is told by URI', async () => {
    const { app, proxy } = service;
    const client = createClient({ url: `${proxy.url}/`, token: service.appToken });
    proxy.next();
    for (const user_id of ['', '.', '..']) {
      await expect(client.getBadge({ ...app, user_id })).rejects.toThrow(
        new TypeError(`user_id cannot be "${user_id}" in a path.`),
      );
    }
    expect(proxy.seen).toHaveLength(0);
    await client.setBadge({ ...app, user_id: 'layer:///identities/..', external_unread_count: 5 });
    const read = await client.readBadges({ ...app, user_ids: ['..'] });
    expect(read.users).toMatchObject({ '..': { external_unread_count: 5 } });
  });
});

describe('an error', () => {
  it('says what the service said', async () => {
    const { app, direct: client } = service;
    const failed = client.createConversation({ ...app, participants: [] });
    const error = await failed.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(BadgedError);
    expect(error).toMatchObject({
      name: 'BadgedError',
      status: 422,
      id: 'invalid_property',
      code: 105,
      message: expect.stringMatching(/^A conversation needs .*\.$/),
      data: { property: 'participants' },
      requestId: expect.any(String),
    });
    const stranger = createClient({ url: service.url });
    await expect(stranger.listApps()).rejects.toMatchObject({
      status: 401,
      id: 'authentication_required',
      code: 4,
    });
    const existing = await client.createConversation({
      ...app,
      participants: ['ada', 'zoe'],
      distinct: true,
    });
    const other = { participants: ['ada', 'zoe'], distinct: true, metadata: { title: 'Another' } };
    await expect(client.createConversation({ ...app, ...other })).rejects.toMatchObject({
      id: 'conflict',
      data: { id: existing.id },
    });
  });

  it("tells a proxy's page from the service's answer", async () => {
    const { app, proxy } = service;
    const client = createClient({ url: proxy.url, token: service.appToken });
    for (const status of [200, 403, 500]) {
      proxy.next({ status, headers: { 'content-type': 'text/html' }, body: '<h1>Please sign in</h1>' });
      const failed = client.getBadge({ ...app, user_id: 'ada' });
      await expect(failed).rejects.toMatchObject({ id: 'unexpected_answer', status, code: 0 });
      expect(proxy.seen).toHaveLength(1);
    }
  });
});

describe('what else is set', () => {
  it('goes with every request: headers, and a fetch of your own', async () => {
    const { app, proxy } = service;
    const called: string[] = [];
    const client = createClient({
      url: proxy.url,
      token: service.appToken,
      headers: { 'x-requested-with': 'badged' },
      fetch: (input, init) => {
        called.push(`${init?.method} ${input}`);
        return fetch(input, init);
      },
    });
    proxy.next();
    await client.setBadge(
      { ...app, user_id: 'ada', external_unread_count: 0 },
      { headers: { 'x-trace': '7' } },
    );
    expect(proxy.seen[0]?.headers).toMatchObject({ 'x-requested-with': 'badged', 'x-trace': '7' });
    expect(called).toEqual([`PUT ${proxy.url}/apps/${app.app_uuid}/users/ada/badge`]);
  });
});
