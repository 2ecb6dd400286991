/** Tokens that the service has verified before: they open no more than at first, and no longer. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());

async function status(token: string, user = 'a'): Promise<number> {
  return (await world.inApp('GET', `/users/${user}/badge`, { token })).statusCode;
}

test('a user token that was used is refused in the second in which it expires, and not before', async () => {
  const { text } = await world.service.userTokens.issue({ app: world.app, user: 'a' }, 2);
  const issuedAt = world.clock.now;
  expect([await status(text), await status(text)]).toEqual([200, 200]);
  world.clock.now = issuedAt + 1_999;
  expect(await status(text)).toBe(200);
  world.clock.now = issuedAt + 2_000;
  expect([await status(text), await status(text)]).toEqual([401, 401]);
});

test('another secret behind the id of a token that was used is refused', async () => {
  expect(await status(world.token)).toBe(404);
  expect(await status(`${world.token.slice(0, -1)}${world.token.endsWith('A') ? 'B' : 'A'}`)).toBe(401);
  expect(await status(world.token)).toBe(404);
});

test("a user's token that was used is valid for that user only, still", async () => {
  const token = await world.userToken('a');
  expect([await status(token), await status(token, 'b'), await status(token)]).toEqual([200, 403, 200]);
});
