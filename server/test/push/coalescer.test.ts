/** Changes are gathered, and looked at by one look at a time. */
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { Coalescer } from '../../src/push/coalescer.js';
import { eventually } from './delivery_world.js';

test('changes are looked at one look after the other, however long one takes', async () => {
  const looks: { users: readonly string[]; done: () => void }[] = [];
  const coalescer = new Coalescer(1, (_app, audiences) => {
    const users = audiences.flatMap((audience) => (audience.kind === 'users' ? audience.users : []));
    return new Promise<void>((done) => looks.push({ users, done }));
  });
  onTestFinished(() => coalescer.close());
  coalescer.add('app', { kind: 'users', users: ['ann'] });
  await eventually(() => expect(looks).toHaveLength(1));
  for (const user of ['bob', 'cid', 'bob']) {
    coalescer.add('app', { kind: 'users', users: [user] });
    await delay(5);
  }
  expect(looks).toHaveLength(1);
  looks[0]?.done();
  await eventually(() => expect(looks).toHaveLength(2));
  expect(looks[1]?.users).toEqual(['bob', 'cid']);
  looks[1]?.done();
  await delay(20);
  expect(looks).toHaveLength(2);
});
