/** Every route, with the session of a dashboard. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type EveryRoute, expected, openEveryRoute, spared } from './every_route.js';
import { anonymous, signedIn, type World } from './world.js';

let every: EveryRoute;
let world: World;
beforeAll(async () => {
  every = await openEveryRoute();
  world = every.world;
});
afterAll(() => world.close());

describe('promise 8: a session of the dashboard', () => {
  test('its cookie alone opens nothing, and neither does what is in it as a token', async () => {
    const { cookie = '' } = await signedIn(world);
    const text = cookie.replace(/^[^=]*=/, '');
    for (const route of every.guarded()) {
      const unauthenticated = expected(route, '401 authentication_required');
      expect(await every.refusal(route, anonymous, { cookie }), `${route.method} ${route.url}`).toBe(
        unauthenticated,
      );
      expect(await every.refusal(route, text), `${route.method} ${route.url}`).toBe(unauthenticated);
    }
  });

  test('opens /admin and every app, and nothing that is about whoever asks', async () => {
    for (const { method, url } of every.withAccess('admin', 'app', 'user', 'session')) {
      for (const app_uuid of url.includes(':app_uuid') ? [world.app, world.otherApp] : ['']) {
        const headers = await signedIn(world);
        const answer = await world.send(method, every.address(url, { ...spared(method), app_uuid }), {
          token: anonymous,
          headers,
        });
        expect([401, 403], `${method} ${url}`).not.toContain(answer.statusCode);
      }
    }
    const headers = await signedIn(world);
    for (const [rule, refused] of [
      ['self', '403 access_denied'],
      ['oauth', '403 not_authorized'],
      ['me', '403 not_authorized'],
    ] as const) {
      for (const route of every.withAccess(rule)) {
        expect(await every.refusal(route, anonymous, headers), `${route.method} ${route.url}`).toBe(
          expected(route, refused),
        );
      }
    }
  });
});
