/** The main API, called by pages of other origins: those that whoever runs the service named, and no others. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { conversationOf, openWorld, type World } from './world.js';

const origin = 'https://chat.example';
const others = [
  'https://evil.example',
  'null',
  'http://chat.example',
  `${origin}:444`,
  `${origin}.evil.example`,
];
let world: World;
let badge: string;
beforeAll(async () => {
  world = await openWorld({ config: { corsOrigins: [origin] } });
  await conversationOf(world, 'a', 'b');
  badge = `/apps/${world.app}/users/a/badge`;
});
afterAll(() => world.close());

const preflight = (url: string, from: string) =>
  world.http.inject({
    method: 'OPTIONS',
    url,
    headers: {
      origin: from,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'authorization,last-event-id',
    },
  });

describe('pages of other origins', () => {
  test('of a named origin may ask with a token, and may read the answer and the refusal', async () => {
    const asked = await preflight(badge, origin);
    expect(asked.statusCode).toBe(204);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': origin,
      'access-control-allow-headers': 'authorization,last-event-id',
      vary: 'Origin',
    });
    const answer = await world.send('GET', badge, { token: world.token, headers: { origin } });
    expect(answer.headers).toMatchObject({ 'access-control-allow-origin': origin });
    const refusal = await world.http.inject({ url: badge, headers: { origin } });
    expect(refusal.statusCode).toBe(401);
    expect(refusal.headers['access-control-allow-origin']).toBe(origin);
  });

  test('may read how many there are of what they read a page of', async () => {
    const list = `/apps/${world.app}/users/a/conversations`;
    const { headers } = await world.send('GET', list, { token: world.token, headers: { origin } });
    expect(headers['layer-count']).toBe('1');
    expect(`${headers['access-control-expose-headers']}`.split(', ')).toContain('Layer-Count');
  });

  test('of any other origin are told nothing', async () => {
    for (const from of others) {
      expect((await preflight(badge, from)).headers, from).not.toHaveProperty('access-control-allow-origin');
      const answer = await world.send('GET', badge, { token: world.token, headers: { origin: from } });
      expect(answer.headers, from).not.toHaveProperty('access-control-allow-origin');
    }
  });

  test('are never let into the administration, and never with a cookie', async () => {
    for (const url of ['/admin/apps', '/admin/session', '/metrics', '/', '/oauth/authorize']) {
      expect((await preflight(url, origin)).headers, url).not.toHaveProperty('access-control-allow-origin');
    }
    expect((await preflight(badge, origin)).headers).not.toHaveProperty('access-control-allow-credentials');
  });

  test('unless an origin is named, the main API is open to none', async () => {
    const closed = await openWorld();
    const answer = await closed.http.inject({
      method: 'OPTIONS',
      url: `/apps/${closed.app}/users/a/badge`,
      headers: { origin, 'access-control-request-method': 'GET' },
    });
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
    await closed.close();
  });
});
