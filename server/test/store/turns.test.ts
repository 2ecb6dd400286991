/** Appends of several apps take turns: however many commands of one app wait, another's come after one batch of them. */
import { randomUUID } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import { createApp } from '../../src/service/apps.js';
import { openService } from '../../src/service/service.js';
import { sqliteUnderTest } from './sqlite_under_test.js';

let dispose: () => Promise<void>;
afterEach(() => dispose());

test('a command of one app is durable after one batch of another app, which has thousands waiting', async () => {
  const opened = await sqliteUnderTest();
  dispose = opened.dispose;
  const service = await openService(opened.store, { now: Date.now, newId: randomUUID });
  const flooding = (await createApp(service, { name: 'flooding' })).app.id;
  const quiet = (await createApp(service, { name: 'quiet' })).app.id;
  /** The apps whose commands became durable, in order. */
  const durable: string[] = [];
  const set = async (app: string, user: string) => {
    await opened.store.execute(app, {
      type: 'set_external',
      counts: [{ user, name: '', count: 1 }],
    });
    durable.push(app);
  };
  const all = Array.from({ length: 5_000 }, (_, n) => set(flooding, `user${n}`));
  all.push(set(quiet, 'someone'));
  await Promise.all(all);
  expect(durable.indexOf(quiet)).toBeLessThanOrEqual(2_000);
});
