/** Users of large audiences are worked off in the background: each once for all the changes that came before it was read. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserBacklog } from '../../src/push/user_backlog.js';

const usersPerCall = 3;

test('every user is read after their last change, a few at a time, and one list after the other', async () => {
  const additions = fc.array(fc.array(fc.integer({ min: 0, max: 12 }), { maxLength: 10 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(additions, async (lists) => {
      const running: Promise<void>[] = [];
      const log: { readonly kind: 'added' | 'read'; readonly users: readonly string[] }[] = [];
      let reading = 0;
      const backlog = new UserBacklog({
        usersPerCall,
        refresh: async (_app, users) => {
          reading += 1;
          expect(reading, 'one at a time').toBe(1);
          expect(users.length).toBeLessThanOrEqual(usersPerCall);
          log.push({ kind: 'read', users });
          await Promise.resolve();
          reading -= 1;
        },
        inBackground: (work) => running.push(work()),
        isClosed: () => false,
      });
      for (const list of lists) {
        const users = list.map(String);
        log.push({ kind: 'added', users });
        backlog.add('app', users);
        await new Promise((resolve) => setImmediate(resolve));
      }
      await Promise.all(running);
      for (const user of new Set(lists.flat().map(String))) {
        const of = (kind: string) =>
          log.findLastIndex((each) => each.kind === kind && each.users.includes(user));
        expect(of('read'), user).toBeGreaterThan(of('added'));
      }
    }),
    { numRuns: 100 },
  );
});

test('an error ends the work on what waits, and what is added later is read', async () => {
  const read: string[] = [];
  const errors: unknown[] = [];
  const running: Promise<void>[] = [];
  let isBroken = true;
  const backlog = new UserBacklog({
    usersPerCall,
    refresh: async (_app, users) => {
      if (isBroken) throw new Error('the store is closing');
      read.push(...users);
    },
    inBackground: (work) => running.push(work().catch((error: unknown) => void errors.push(error))),
    isClosed: () => false,
  });
  backlog.add('app', ['ann', 'bob', 'cid', 'dan']);
  await Promise.all(running);
  isBroken = false;
  backlog.add('app', ['eve']);
  await Promise.all(running);
  expect([errors.length, read]).toEqual([1, ['eve']]);
});
