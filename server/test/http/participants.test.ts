/** A large conversation: shown with a count and a URL, whose pages have the participants. */
import { limits } from '@badged/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorld, type World } from './world.js';

const users = Array.from({ length: limits.participantsInView + 5 }, (_, number) => `user ${number}`);
const room = '/conversations/large%20room';

let world: World;
beforeAll(async () => {
  world = await openWorld();
  await world.inApp('POST', '/conversations', { body: { id: 'large room', participants: users } });
});
afterAll(() => world.close());

async function everyPage(url: string, token?: string): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const from = found.at(-1);
    const query = from === undefined ? '' : `&from_id=${encodeURIComponent(from)}`;
    const page = await world.send('GET', `${url}?page_size=40${query}`, token === undefined ? {} : { token });
    expect(page.statusCode).toBe(200);
    expect(page.headers['layer-count']).toBe(`${users.length}`);
    const ids: string[] = page.json();
    if (ids.length === 0) return found;
    found.push(...ids);
  }
}

describe('a conversation of more than 100 participants', () => {
  test('is shown with their number and the URL of a list, to the app and to a participant', async () => {
    const token = await world.userToken('user 7');
    const views = [
      (await world.inApp('GET', room)).json(),
      (await world.inApp('GET', `/users/user%207${room}`, { token })).json(),
      (await world.inApp('GET', '/users/user%207/conversations', { token })).json()[0],
    ];
    for (const view of views) {
      expect(view).toMatchObject({ participant_count: users.length });
      expect(view).not.toHaveProperty('participants');
    }
    const [ofApp, ofUser, listed] = views.map((view) => new URL(view.participants_url).pathname);
    expect(await everyPage(`${ofApp}`)).toEqual(users);
    expect(await everyPage(`${ofUser}`, token)).toEqual(users);
    expect(listed).toBe(ofUser);
  });

  test('has pages of 1 to 1,000 participants, and of 100 by default', async () => {
    const size = async (query: string) =>
      (await world.inApp('GET', `${room}/participants${query}`)).json().length;
    expect(await size('')).toBe(limits.pageSize);
    expect(await size('?page_size=1')).toBe(1);
    expect(await size(`?page_size=${limits.participantsPerPage}`)).toBe(users.length);
    for (const query of ['?page_size=0', `?page_size=${limits.participantsPerPage + 1}`]) {
      const refused = await world.inApp('GET', `${room}/participants${query}`);
      expect(refused.json()).toMatchObject({ id: 'invalid_property', data: { property: 'page_size' } });
    }
  });

  test('promise 8: shows its participants to no user who takes no part in it', async () => {
    const token = await world.userToken('stranger');
    const own = await world.inApp('GET', `/users/stranger${room}/participants`, { token });
    expect(own.statusCode).toBe(404);
    expect((await world.inApp('GET', `${room}/participants`, { token })).statusCode).toBe(403);
    expect((await world.inApp('GET', `/users/user%207${room}/participants`, { token })).statusCode).toBe(403);
  });
});
