/** One push at a time for each device: who may send, and what is known of what arrived. */
import { expect, test } from 'vitest';
import { apns, minute, only, openPush } from '../push_scenario.js';
import { now } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

export function claims(factory: StoreFactory): void {
  test('promise 7: what a device accepted is unknown from the beginning of a push', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    await push.accept('a', 4);
    expect((await push.device('a')).accepted).toBe(4);
    await push.begin(['a'], now + 1);
    expect(await push.device('a')).toMatchObject({ accepted: null, usedAt: now });
  });

  test('a claim keeps others away until its time, and is answered for whom it was given', async () => {
    const push = await openPush(factory);
    for (const id of ['a', 'b', 'c']) await push.register('bob', id);
    expect(await push.begin(['a', 'b', 'gone', 'a'], now, now + minute)).toEqual(['a', 'b']);
    expect(await push.begin(['a', 'b', 'c'], now + minute - 1, now + 2 * minute)).toEqual(['c']);
    expect(await push.begin(['a', 'b', 'c'], now + minute)).toEqual(['a', 'b']);
    expect(await push.begin([], now)).toEqual([]);
  });

  test('two that begin at the same time do not both get a device', async () => {
    const push = await openPush(factory);
    for (const id of ['a', 'b', 'c']) await push.register('bob', id);
    const both = await Promise.all([push.begin(['a', 'b']), push.begin(['b', 'c'])]);
    expect(both.flat().sort()).toEqual(['a', 'b', 'c']);
  });

  test('the end gives the claim back and says what was accepted: 0 is a number like any other', async () => {
    const push = await openPush(factory);
    for (const id of ['a', 'b']) await push.register('bob', id);
    await push.begin(['a', 'b'], now);
    await push.end(
      [
        { device: 'a', accepted: 0 },
        { device: 'b', accepted: 7 },
        { device: 'gone', accepted: 1 },
      ],
      now + 5,
    );
    const times = { registeredAt: now, usedAt: now + 5, acceptedAt: now + 5 };
    expect(await push.device('a')).toMatchObject({ accepted: 0, ...times });
    expect(await push.device('b')).toMatchObject({ accepted: 7, ...times });
    expect(await push.begin(['a', 'b'], now + 6)).toEqual(['a', 'b']);
    expect(await push.store.device(push.app.app, 'gone')).toBeUndefined();
  });

  test('a push that was refused leaves unknown what the device shows, and is no use of it', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    await push.accept('a', 4, now + 1);
    await push.begin(['a'], now + 2);
    await push.end([{ device: 'a', accepted: null }], now + 3);
    expect(await push.device('a')).toMatchObject({ accepted: null, acceptedAt: now + 1, usedAt: now + 1 });
    expect(await push.begin(['a'], now + 3)).toEqual(['a']);
  });

  test('the environment in which a token was accepted is kept, also when the device says the old one again', async () => {
    const push = await openPush(factory);
    const target = apns('x', { environment: 'development' });
    await push.register('bob', 'a', { target: apns('x') });
    await push.begin(['a']);
    await push.end([{ device: 'a', target, accepted: 4 }]);
    expect(await push.device('a')).toMatchObject({ target, accepted: 4 });
    await push.register('bob', 'a', { target: apns('x') });
    expect(await push.device('a')).toMatchObject({ target, accepted: 4 });
  });

  test('promise 7: a later registration learns nothing from a push to the one before', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a', { target: apns('old') });
    await push.begin(['a']);
    await push.register('bob', 'a', { target: apns('new'), at: now + 1 });
    const development = apns('old', { environment: 'development' });
    await push.end([{ device: 'a', registeredAt: now, target: development, accepted: 5 }], now + 2);
    const unknown = { target: apns('new'), accepted: null, acceptedAt: null, usedAt: now + 1 };
    expect(await push.device('a')).toMatchObject(unknown);
    await push.begin(['a'], now + 3);
    await push.end([{ device: 'a', registeredAt: now + 1, accepted: 6 }], now + 4);
    expect(await push.device('a')).toMatchObject({ accepted: 6, acceptedAt: now + 4, usedAt: now + 4 });
  });

  test('the same registration while a push is under way leaves the claim, which the end gives back', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    await push.begin(['a']);
    await push.register('bob', 'a', { at: now + 1 });
    expect(await push.begin(['a'], now + 2)).toEqual([]);
    await push.end([{ device: 'a', registeredAt: now, accepted: 5 }], now + 3);
    expect(await push.device('a')).toMatchObject({ accepted: null, registeredAt: now + 1, usedAt: now + 1 });
    expect(await push.begin(['a'], now + 3)).toEqual(['a']);
    await push.end([{ device: 'a', accepted: 5 }], now + 4);
    expect(await push.device('a')).toMatchObject({ accepted: 5, usedAt: now + 4 });
  });

  test('a leaving device is sent its 0 like any other push', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    await push.accept('a', 4);
    await push.unregister('bob', 'a');
    await push.accept('a', 0);
    expect(await push.device('a')).toMatchObject({ isUnregistering: true, accepted: 0 });
  });

  test('an end settles the alert for its device, claimed or not, and remembers it over the next claim', async () => {
    const push = await openPush(factory);
    for (const id of ['a', 'b', 'c']) await push.register('bob', id);
    await push.enqueue('one');
    const { id: alert } = only(await push.claim(1, now, now + minute));
    await push.begin(['a']);
    await push.end([
      { device: 'a', accepted: 1, alert },
      { device: 'b', accepted: null, alert },
    ]);
    await push.end([{ device: 'b', accepted: null, alert }]);
    expect(only(await push.claim(1, now + minute)).settled).toEqual(new Set(['a', 'b']));
    await push.end([{ device: 'c', accepted: null, alert }]);
    expect(only(await push.claim(1, now + 2 * minute)).settled).toEqual(new Set(['a', 'b', 'c']));
    expect(await push.device('a')).toMatchObject({ accepted: 1 });
  });
}
