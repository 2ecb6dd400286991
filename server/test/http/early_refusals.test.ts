/** What is refused before its body is read. */
import { randomUUID } from 'node:crypto';
import { limits } from '@badged/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

test('what has no endpoint is refused before its body is read', async () => {
  for (const [method, url, status] of [
    ['POST', '/nope', 404],
    ['DELETE', '/metrics', 405],
    ['POST', '/api/v2/nope', 404],
  ] as const) {
    const headers = { 'content-type': 'application/json' };
    // Read, it would be no JSON, and too large besides.
    const answer = await world.http.inject({
      method,
      url,
      headers,
      payload: '['.repeat(limits.bodyBytes + 1),
    });
    expect(answer.statusCode, url).toBe(status);
  }
});

test('what asks for itself, or for nobody yet, sends little: more is refused unread', async () => {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${await world.userToken('a')}`,
  };
  for (const url of ['/oauth/token', '/push_tokens', `/messages/${randomUUID()}/receipts`]) {
    const payload = '['.repeat(limits.ownBodyBytes + 1);
    const answer = await world.http.inject({ method: 'POST', url, headers, payload });
    expect(answer.statusCode, url).toBe(400);
    expect(answer.body, url).toMatch(/too large|must be a form/);
  }
});
