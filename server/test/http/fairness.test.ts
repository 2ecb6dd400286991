/** Two apps over real connections: one floods the server, and the other's requests are served in turn. */
import { Agent, request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { openWorld, storeWith, type World } from './world.js';

let world: World;
let agent: Agent;
afterEach(async () => {
  agent.destroy();
  await world.close();
});

const flood = 100;

test('while one app floods, requests of another are served in turn, and none is lost', async () => {
  /** The apps whose queries were executed, in order. */
  const executed: string[] = [];
  let onFirst = () => {};
  world = await openWorld({
    around: (store) =>
      storeWith(store, {
        ask: (app, query) => {
          const began = performance.now();
          while (performance.now() - began < 5);
          executed.push(app);
          onFirst();
          return store.ask(app, query);
        },
      }),
  });
  const url = new URL(await world.http.listen({ host: '127.0.0.1', port: 0 }));
  agent = new Agent({ keepAlive: true });
  const get = (path: string, token: string) =>
    new Promise<number>((resolve, reject) => {
      const sent = request(new URL(path, url), { agent, headers: { authorization: `Bearer ${token}` } });
      sent.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.on('error', reject);
      sent.end();
    });
  const flooding = () => get(`/apps/${world.app}/users/a/badge`, world.token);
  const quiet = () => get(`/apps/${world.otherApp}/users/b/badge`, world.otherToken);

  // Every connection is open, and the other app is active.
  const opened = await Promise.all(Array.from({ length: flood }, () => get('/healthz', '')));
  expect(opened).toEqual(Array(flood).fill(200));
  await quiet();
  executed.length = 0;

  const served: Promise<number>[] = [];
  const began = new Promise<void>((resolve) => {
    onFirst = resolve;
  });
  for (let n = 0; n < flood; n += 1) served.push(flooding());
  await began;
  for (let n = 0; n < 3; n += 1) expect(await quiet()).toBe(404);
  const before = executed.lastIndexOf(world.otherApp);
  expect(executed.slice(0, before).filter((app) => app === world.otherApp)).toHaveLength(2);
  // Each of the three waits for a few turns, of two or three requests of the other app each.
  expect(before).toBeLessThan(flood / 2);
  expect(await Promise.all(served)).toEqual(Array(flood).fill(404));
  expect(executed).toHaveLength(flood + 3);
});
