/** Promise 5 for push delivery: what was answered is there after the store was closed and opened again. */
import { expect, type TestContext, test } from 'vitest';
import { apns, content, minute, openPush, type Push, webPush } from '../push_scenario.js';
import { now } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

/** When every claim of before has run out: whether those of a process that is no more still hold is left open. */
const later = now + 60 * minute;

export function pushDurability(factory: StoreFactory): void {
  test('promise 5: devices are as they were, also those that were moved, left or were forgotten', async (context) => {
    const push = await openPush(factory);
    for (const id of ['a', 'b', 'c', 'd', 'e']) await push.register('bob', id);
    await push.register('ann', 'w', { target: webPush('w') });
    await push.accept('a', 0, now + 1);
    await push.accept('w', 7, now + 2);
    await push.claim(['b']);
    await push.settle([
      { device: 'b', target: apns('token of b', { environment: 'development' }), accepted: null },
    ]);
    await push.register('ann', 'c', { at: now + 3 });
    await push.unregister('bob', 'd');
    await push.forget('e', now);
    const before = await devices(push);
    await reopenOrSkip(push, context);
    expect(await devices(push)).toEqual(before);
    await push.register('ann', 'x', { target: webPush('w'), at: later });
    expect(await push.walked()).toEqual(['a', 'b', 'c', 'd', 'x']);
    for (const id of ['a', 'b']) await push.unregister('bob', id);
    expect(await push.audience({ kind: 'everyone' })).toEqual(['ann']);
  });

  test('promise 7: a push that was in flight when the process died leaves unknown what was accepted', async (context) => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    await push.accept('a', 4);
    await push.claim(['a']);
    await reopenOrSkip(push, context);
    expect(await push.device('a')).toMatchObject({ accepted: null, acceptedAt: now });
    expect(await push.claim(['a'], later)).toEqual(['a']);
  });

  test('promise 5: no alert is lost, and who was done with it still is', async (context) => {
    const push = await openPush(factory);
    const conversation = await push.app.conversation(['ann', 'bob']);
    await push.enqueue('1');
    const message = { type: 'send_message', conversation, mentions: [], silent: false, at: now } as const;
    await push.executeWith(content('2'), { ...message, sender: { userId: 'ann' } });
    await push.enqueue('3');
    const [first, second] = await push.claimAlerts(2);
    if (!first || !second) throw new Error('they were not claimed');
    await push.settle([{ device: 'a', accepted: null, alert: second.id }]);
    await push.complete(first);
    await reopenOrSkip(push, context);
    expect(await push.depth()).toBe(2);
    const [two, three] = await push.claimAlerts(9, later);
    expect(two).toEqual({ ...second, settled: new Set(['a']) });
    expect(three).toMatchObject({ content: content('3'), audience: { kind: 'users', users: ['bob'] } });
    const again = [await push.enqueue('1'), await push.enqueue('3'), await push.enqueue('4')];
    expect(again).toEqual([false, false, true]);
    expect(await push.claimTexts(9, later)).toEqual(['4']);
  });

  test('promise 5: credentials are kept', async (context) => {
    const push = await openPush(factory);
    const { app } = push.app;
    await push.store.setCredentials(app, 'apns', Uint8Array.from([1, 0, 255]));
    await push.store.setCredentials(app, 'fcm', Uint8Array.from([1]));
    await push.store.setCredentials(app, 'fcm', undefined);
    await reopenOrSkip(push, context);
    expect([...((await push.store.credentials(app, 'apns')) ?? [])]).toEqual([1, 0, 255]);
    expect(await push.store.credentials(app, 'fcm')).toBeUndefined();
  });
}

async function reopenOrSkip(push: Push, context: TestContext): Promise<void> {
  if (!(await push.app.reopen())) context.skip('this store keeps nothing when it is closed');
}

async function devices(push: Push) {
  const { app } = push.app;
  return {
    all: await push.store.devicesAfter(app, '', 100, now),
    lists: [await push.store.devices(app, ['ann'], now), await push.store.devices(app, ['bob'], now)],
    everyone: await push.audience({ kind: 'everyone' }),
  };
}
