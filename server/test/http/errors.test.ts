/** Every error of the table, made over HTTP, and the table itself against what documents it. */
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { refuse } from '@badged/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ErrorId, errorTable } from '../../src/http/foundation/errors.js';
import { type Store, StoreUnavailable } from '../../src/store/port.js';
import { expectError } from './expect_error.js';
import { at } from './openapi_check.js';
import { anonymous, conversationOf, openWorld, storeWith, text, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

/** Over a store that fails in this way at whatever it is asked. */
async function failingWorld(error: Error): Promise<World> {
  const fail = async () => {
    throw error;
  };
  const around = (store: Store): Store =>
    storeWith(store, { execute: fail, executeAll: fail, ask: fail, ready: fail });
  return openWorld({ around });
}

describe('every error of the table is made over HTTP', () => {
  const made = new Map<ErrorId, () => Promise<void>>([
    [
      'service_unavailable',
      async () => {
        const failing = await failingWorld(new StoreUnavailable('the disk is gone'));
        const answer = await failing.inApp('GET', '/users/a/badge');
        expectError(answer, 'service_unavailable');
        expect(answer.headers['retry-after']).toBe('1');
        expect(answer.body).not.toContain('disk');
        expectError(await failing.send('GET', '/readyz'), 'service_unavailable');
        await failing.close();
      },
    ],
    [
      'invalid_app_id',
      async () =>
        expectError(await world.send('GET', `/apps/${world.otherApp}/users/a/badge`), 'invalid_app_id'),
    ],
    [
      'invalid_request_id',
      async () => {
        const headers = { 'if-none-match': 'not-a-uuid' };
        const body = { participants: ['a'] };
        expectError(await world.inApp('POST', '/conversations', { headers, body }), 'invalid_request_id');
      },
    ],
    [
      'authentication_required',
      async () => {
        const answer = await world.inApp('GET', '/users/a/badge', { token: anonymous });
        expectError(answer, 'authentication_required');
        expect(answer.headers['www-authenticate']).toBe('Bearer');
      },
    ],
    [
      'rate_limit_exceeded',
      async () => {
        const limited = await openWorld({
          config: { rateLimits: { apps: { requests: 20, perSeconds: 60 } } },
        });
        const url = '/conversations/x';
        let answer = await limited.inApp('GET', url);
        expect(answer.statusCode).toBe(404);
        // A request that takes longer counts as several.
        for (let sent = 1; sent <= 20 && answer.statusCode === 404; sent += 1)
          answer = await limited.inApp('GET', url);
        expectError(answer, 'rate_limit_exceeded');
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
        const another = await limited.send('GET', `/apps/${limited.otherApp}${url}`, {
          token: limited.otherToken,
        });
        expect(another.statusCode).toBe(404);
        expect((await limited.send('GET', '/healthz')).statusCode).toBe(200);
        await limited.close();
      },
    ],
    [
      'invalid_operation',
      async () => {
        const answer = await world.inApp('POST', '/events', { body: [{ operation: 'explode' }] });
        expect(answer.json()[0]).toMatchObject({ status: 422, body: { id: 'invalid_operation', code: 9 } });
      },
    ],
    [
      'invalid_request',
      async () =>
        expectError(
          await world.inApp('POST', '/conversations', { body: '{"participants":' }),
          'invalid_request',
        ),
    ],
    [
      'internal_server_error',
      async () => {
        const failing = await failingWorld(new Error('a secret of the inside'));
        const answer = await failing.inApp('GET', '/users/a/badge');
        expectError(answer, 'internal_server_error');
        expect(answer.body).not.toContain('secret');
        await failing.close();
      },
    ],
    [
      'access_denied',
      async () => {
        const token = await world.userToken('a');
        expectError(await world.inApp('GET', '/users/b/badge', { token }), 'access_denied');
      },
    ],
    [
      'not_found',
      async () => expectError(await world.inApp('GET', '/users/nobody-named-them/badge'), 'not_found'),
    ],
    [
      'object_deleted',
      async () => {
        const url = `/conversations/${await conversationOf(world, 'd1', 'd2')}`;
        await world.inApp('DELETE', url);
        expectError(await world.inApp('GET', url), 'object_deleted');
        const body = { sender: { user_id: 'd1' }, parts: text('x') };
        expectError(await world.inApp('POST', `${url}/messages`, { body }), 'object_deleted');
        const token = await world.userToken('d1');
        expectError(await world.inApp('GET', `/users/d1${url}`, { token }), 'not_found');
      },
    ],
    [
      'missing_property',
      async () =>
        expectError(await world.inApp('POST', '/conversations', { body: {} }), 'missing_property', {
          property: 'participants',
        }),
    ],
    [
      'invalid_property',
      async () => {
        const answer = await world.inApp('PUT', '/users/a/badge', { body: { external_unread_count: -1 } });
        expectError(answer, 'invalid_property', { property: 'external_unread_count' });
      },
    ],
    ['invalid_endpoint', async () => expectError(await world.inApp('GET', '/nothing'), 'invalid_endpoint')],
    [
      'invalid_header',
      async () => {
        const headers = { accept: 'application/vnd.layer+json; version=9.9' };
        expectError(await world.inApp('GET', '/users/a/badge', { headers }), 'invalid_header', {
          header: 'Accept',
        });
      },
    ],
    [
      'conflict',
      async () => {
        const body = { participants: ['c1', 'c2'], distinct: true, metadata: { title: 'one' } };
        const first = await world.inApp('POST', '/conversations', { body });
        const other = await world.inApp('POST', '/conversations', {
          body: { ...body, metadata: { title: 'two' } },
        });
        expectError(other, 'conflict', first.json());
      },
    ],
    [
      'method_not_allowed',
      async () => {
        const answer = await world.inApp('DELETE', '/users/a/badge');
        expectError(answer, 'method_not_allowed');
        expect(answer.headers.allow).toBe('GET, HEAD, PATCH, POST, PUT');
      },
    ],
    [
      'participant_blocked',
      async () => {
        await world.inApp('POST', '/users/p1/blocks', { body: { user_id: 'p2' } });
        const answer = await world.inApp('POST', '/conversations', { body: { participants: ['p1', 'p2'] } });
        expectError(answer, 'participant_blocked');
      },
    ],
    [
      'id_in_use',
      async () => {
        const id = randomUUID();
        const first = await world.inApp('POST', '/conversations', { body: { id, participants: ['a'] } });
        const other = await world.inApp('POST', '/conversations', { body: { id, participants: ['b'] } });
        expectError(other, 'id_in_use', first.json());
      },
    ],
    [
      'insufficient_storage',
      async () => {
        const refusal = refuse('insufficient_storage', 'The server is at its memory budget.');
        const full = await openWorld({
          around: (store) => Object.assign(Object.create(store), { execute: async () => ({ refusal }) }),
        });
        expectError(
          await full.inApp('POST', '/conversations', { body: { participants: ['a'] } }),
          'insufficient_storage',
        );
        await full.close();
      },
    ],
  ]);

  test('the table below leaves none out', () => {
    expect([...made.keys()].sort()).toEqual(Object.keys(errorTable).sort());
  });

  for (const [id, make] of made) test(`${errorTable[id].code} ${id}`, make);
});

describe('the codes are the same everywhere', () => {
  const known = Object.entries(errorTable).map(([id, { code, status }]) => ({ id, code, status }));

  test('in docs/errors.md, both ways', async () => {
    const document = await readFile(new URL('../../../docs/errors.md', import.meta.url), 'utf8');
    const rows = [...document.matchAll(/^\| (\d+) \| `(\w+)` \| (\d+) \| (.+) \|$/gm)];
    const documented = rows.map(([, code, id, status]) => ({
      id,
      code: Number(code),
      status: Number(status),
    }));
    expect(documented).toEqual(known);
    const meanings = rows.map(([, , , , meaning]) => meaning);
    expect(meanings).toEqual(Object.values(errorTable).map(({ meaning }) => meaning));
  });

  test('in the OpenAPI document, both ways', async () => {
    const document = (await world.send('GET', '/openapi.json')).json();
    const properties = ['components', 'schemas', 'Error', 'properties'];
    expect(at(document, [...properties, 'id', 'enum'])).toEqual(known.map(({ id }) => id));
    expect(at(document, [...properties, 'code', 'enum'])).toEqual(known.map(({ code }) => code));
  });

  test('where the url of an error points to', async () => {
    for (const { id, code, status } of known) {
      const answer = await world.send('GET', `/errors/${id}`, { token: anonymous });
      expect(answer.json()).toMatchObject({ id, code, status });
    }
    expectError(await world.send('GET', '/errors/toString'), 'not_found');
  });
});
