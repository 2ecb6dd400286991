/** Changes are gathered for a moment, and handed on one batch after the other. */
import { expect, test } from 'vitest';
import { Coalescer } from '../../src/push/coalescer.js';
import { TestClock } from './test_clock.js';

const waitMs = 500;

function gathering() {
  const clock = new TestClock();
  const batches: { users: readonly string[]; done: () => void }[] = [];
  const look = (_app: string, audiences: readonly { kind: string; users?: readonly string[] }[]) =>
    new Promise<void>((done) => batches.push({ users: audiences.flatMap(({ users = [] }) => users), done }));
  const coalescer = new Coalescer({ waitMs, usersPerList: 3 }, look, clock);
  const add = (...users: string[]) => coalescer.add('app', { kind: 'users', users });
  return { clock, batches, coalescer, add };
}

/** What follows the end of a promise has happened. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve));

test('what changes within the wait is one batch, handed on when the wait of the first is over', async () => {
  const { clock, batches, add } = gathering();
  add('ann');
  await clock.advance(waitMs - 1);
  add('bob');
  add('ann');
  expect(batches).toEqual([]);
  await clock.advance(1);
  expect(batches.map(({ users }) => users)).toEqual([['ann', 'bob']]);
});

test('batches follow one another, however long one takes, and nothing is handed on twice', async () => {
  const { clock, batches, add } = gathering();
  add('ann');
  await clock.advance(waitMs);
  for (const user of ['bob', 'cid', 'bob']) {
    add(user);
    await clock.advance(10 * waitMs, settled);
  }
  expect(batches).toHaveLength(1);
  batches[0]?.done();
  await settled();
  expect(batches.map(({ users }) => users)).toEqual([['ann'], ['bob', 'cid']]);
  batches[1]?.done();
  await clock.advance(10 * waitMs, settled);
  expect(batches).toHaveLength(2);
});

test('users are handed on in small lists, however many there are', async () => {
  const clock = new TestClock();
  const lists: (readonly string[])[] = [];
  const refresh = async (_app: string, audiences: readonly { kind: string; users?: readonly string[] }[]) => {
    for (const { users = [] } of audiences) lists.push(users);
  };
  const coalescer = new Coalescer({ waitMs, usersPerList: 3 }, refresh, clock);
  for (const user of ['a', 'b', 'a', 'c', 'd']) coalescer.add('app', { kind: 'users', users: [user] });
  await clock.advance(waitMs);
  expect(lists).toEqual([['a', 'b', 'c'], ['d']]);
});

test('closed, nothing more is handed on', async () => {
  const { clock, batches, coalescer, add } = gathering();
  add('ann');
  coalescer.close();
  await clock.advance(10 * waitMs, settled);
  expect(batches).toEqual([]);
});
