/** Blocks: whose messages do not count, from when until when. */
import { limits } from '@badged/core';
import { expect, test } from 'vitest';
import { openScenario, type Scenario } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

export function blocks(factory: StoreFactory): void {
  test('promise 1: a block affects the messages sent while it holds, and no others', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob', 'cem']);
    await app.send(chat, 'ann');
    await app.block('bob', 'ann');
    expect(await app.unread('bob')).toBe(1);
    await app.sendMany(chat, 'ann', 2);
    await app.send(chat, 'cem');
    expect(await app.unread('bob')).toBe(2);
    await app.unblock('bob', 'ann');
    expect(await app.unread('bob')).toBe(2);
    await app.send(chat, 'ann');
    expect([await app.unread('bob'), await app.unread('cem')]).toEqual([3, 4]);
  });

  test('a block works in one direction', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    await app.block('bob', 'ann');
    await app.send(chat, 'bob');
    await app.send(chat, 'ann');
    expect([await app.unread('ann'), await app.unread('bob')]).toEqual([1, 0]);
  });

  test('a system sender of the same name is not blocked', async () => {
    const app = await openScenario(factory);
    const chat = await app.conversation(['ann', 'bob']);
    await app.block('bob', 'ann');
    await app.sendFrom(chat, 'ann');
    expect(await app.unread('bob')).toBe(1);
  });

  test('blocks are listed in the order of blocking; blocking twice and unblocking nobody are no-ops', async () => {
    const app = await openScenario(factory);
    await app.block('bob', 'zoe', 'ann', 'cem');
    await app.block('bob', 'zoe');
    await app.unblock('bob', 'ann');
    await app.unblock('bob', 'nobody');
    await app.block('bob', 'ann');
    expect(await blockedBy(app, 'bob')).toEqual(['zoe', 'cem', 'ann']);
    expect(await blockedBy(app, 'zoe')).toEqual([]);
    expect(await blockedBy(app, 'nobody')).toBeUndefined();
  });

  test('setting the blocks keeps the places of those who stay; operations apply in order', async () => {
    const app = await openScenario(factory);
    await app.block('bob', 'zoe', 'ann', 'cem');
    await app.do({
      type: 'change_blocks',
      owner: 'bob',
      operations: [
        { operation: 'set', users: ['new', 'cem', 'zoe', 'new'] },
        { operation: 'remove', user: 'zoe' },
        { operation: 'add', user: 'zoe' },
      ],
    });
    expect(await blockedBy(app, 'bob')).toEqual(['cem', 'new', 'zoe']);
    await app.do({ type: 'change_blocks', owner: 'bob', operations: [{ operation: 'set', users: [] }] });
    expect(await blockedBy(app, 'bob')).toEqual([]);
  });

  test('blocking oneself is accepted, and changes no count', async () => {
    const app = await openScenario(factory);
    await app.block('bob', 'bob');
    expect(await app.store.ask(app.app, { type: 'blocks', user: 'bob' })).toEqual(['bob']);
    const chat = await app.conversation(['ann', 'bob']);
    await app.send(chat, 'bob');
    await app.send(chat, 'ann');
    expect([await app.unread('ann'), await app.unread('bob')]).toEqual([1, 1]);
  });

  test('unblocking oneself, whom one never blocked, is a no-op', async () => {
    const app = await openScenario(factory);
    await app.unblock('bob', 'bob');
    expect(await app.isKnown('bob')).toBe(false);
  });

  test('blocking and unblocking in one command is not blocking, and makes no user known', async () => {
    const app = await openScenario(factory);
    const operations = [
      { operation: 'add', user: 'ann' },
      { operation: 'remove', user: 'ann' },
    ] as const;
    await app.do({ type: 'change_blocks', owner: 'bob', operations });
    expect([await app.isKnown('bob'), await app.isKnown('ann')]).toEqual([false, false]);
  });

  test('of the users that a command names, those it blocks in the end become known', async () => {
    const app = await openScenario(factory);
    const operations = [
      { operation: 'set', users: ['one', 'two', 'three'] },
      { operation: 'set', users: ['four', 'three'] },
    ] as const;
    await app.do({ type: 'change_blocks', owner: 'bob', operations });
    expect(await blockedBy(app, 'bob')).toEqual(['three', 'four']);
    const known = await Promise.all(['one', 'two', 'three', 'four'].map((user) => app.isKnown(user)));
    expect(known).toEqual([false, false, true, true]);
    await app.conversation(['two', 'one']);
    expect(await blockedBy(app, 'bob')).toEqual(['three', 'four']);
  });

  test('a user blocks up to 10,000 others, after each operation and not only after the last', async () => {
    const app = await openScenario(factory);
    const users = Array.from({ length: limits.blocksPerUser + 1 }, (_, n) => `u${n}`);
    const operations = [
      { operation: 'set', users },
      { operation: 'set', users: [] },
    ] as const;
    const refusal = await app.refusal({ type: 'change_blocks', owner: 'bob', operations });
    expect(refusal).toEqual({ code: 'invalid_property', property: 'blocks' });
    expect([await app.isKnown('bob'), await app.isKnown('u0')]).toEqual([false, false]);
  });

  test('a block makes both sides known; removing one makes nobody known', async () => {
    const app = await openScenario(factory);
    await app.unblock('bob', 'ann');
    await app.do({ type: 'change_blocks', owner: 'bob', operations: [{ operation: 'set', users: [] }] });
    expect([await app.isKnown('bob'), await app.isKnown('ann')]).toEqual([false, false]);
    await app.block('bob', 'ann');
    expect([await app.isKnown('bob'), await app.isKnown('ann')]).toEqual([true, true]);
  });
}

function blockedBy(app: Scenario, user: string) {
  return app.store.ask(app.app, { type: 'blocks', user });
}
