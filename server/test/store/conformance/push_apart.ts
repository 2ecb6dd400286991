/** Promise 8 for push delivery: nothing crosses apps; and what is left of it when an app is deleted: nothing. */
import { expect, test } from 'vitest';
import { StoreUnavailable } from '../../../src/store/port.js';
import { apns, content, fcm, minute, only, openPush, type Push } from '../push_scenario.js';
import { anApp, now, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

export function pushApart(factory: StoreFactory): void {
  credentials(factory);
  doubt(factory);
  apps(factory);
  deletion(factory);
}

function credentials(factory: StoreFactory): void {
  test('credentials are kept byte by byte, by platform, replaced and removed', async () => {
    const push = await openPush(factory);
    const { app } = push.app;
    const sealed = Uint8Array.from({ length: 256 }, (_, index) => index);
    expect(await credentialsOf(push, 'apns')).toBeUndefined();
    await push.store.setCredentials(app, 'apns', sealed);
    await push.store.setCredentials(app, 'fcm', Uint8Array.from([0]));
    expect(await credentialsOf(push, 'apns')).toEqual([...sealed]);
    sealed.fill(7);
    expect((await credentialsOf(push, 'apns'))?.slice(0, 2)).toEqual([0, 1]);
    await push.store.setCredentials(app, 'apns', Uint8Array.from([1, 2]));
    expect(await credentialsOf(push, 'apns')).toEqual([1, 2]);
    for (const _ of [1, 2]) await push.store.setCredentials(app, 'apns', undefined);
    expect(await credentialsOf(push, 'apns')).toBeUndefined();
    expect(await credentialsOf(push, 'fcm')).toEqual([0]);
  });
}

function doubt(factory: StoreFactory): void {
  test('promise 7: with other credentials, what devices of the platform accepted is unknown', async () => {
    const push = await openPush(factory);
    const other = await push.anotherApp(2);
    await other.register('bob', 'a');
    await push.register('bob', 'a');
    await push.register('bob', 'f', { target: fcm('x') });
    const accepted = async () => {
      const devices = [await push.device('a'), await push.device('f'), await other.device('a')];
      return devices.map((each) => each.accepted);
    };
    for (const sealed of [Uint8Array.from([1]), Uint8Array.from([2]), undefined]) {
      await push.accept('a', 1);
      await push.accept('f', 2);
      await other.accept('a', 3);
      await push.store.setCredentials(push.app.app, 'apns', sealed);
      expect(await accepted()).toEqual([null, 2, 3]);
    }
  });
}

function apps(factory: StoreFactory): void {
  test('promise 8: the same device in two apps is two devices', async () => {
    const here = await openPush(factory);
    const there = await here.anotherApp(2);
    for (const each of [here, there]) await each.register('bob', 'a', { target: apns('x') });
    await there.register('ann', 'b');
    await here.accept('a', 4);
    expect((await there.device('a')).accepted).toBeNull();
    expect(await here.claim(['a', 'b'])).toEqual(['a']);
    expect(await there.claim(['a', 'b'])).toEqual(['a', 'b']);
    expect(await here.unregister('ann', 'b')).toBe(false);
    expect(await here.forget('b', now)).toBe(false);
    await there.unregister('bob', 'a');
    expect([await here.listed('bob'), await there.listed('bob')]).toEqual([['a'], []]);
    expect([await here.walked(), await there.walked()]).toEqual([['a'], ['a', 'b']]);
    expect(await here.audience({ kind: 'everyone' })).toEqual(['bob']);
    expect(await there.audience({ kind: 'everyone' })).toEqual(['ann']);
    await here.store.setCredentials(here.app.app, 'apns', Uint8Array.from([1]));
    expect(await credentialsOf(there, 'apns')).toBeUndefined();
  });

  test('promise 8: an alert of one app is not seen, settled or completed through another', async () => {
    const here = await openPush(factory);
    const there = await here.anotherApp(2);
    await here.register('bob', 'a');
    expect(await here.enqueue('one')).toBe(true);
    const alert = only(await here.claimAlerts(1, now, now + minute));
    expect([await there.depth(), await there.claimAlerts()]).toEqual([0, []]);
    await here.settle([{ device: 'a', accepted: null, alert: alert.id }]);
    await there.settle([{ device: 'b', accepted: null, alert: alert.id }]);
    await there.complete(alert);
    expect(await here.depth()).toBe(1);
    expect(only(await here.claimAlerts(1, now + minute)).settled).toEqual(new Set(['a']));
    expect(await there.enqueue('one')).toBe(true);
  });

  test('an app that does not exist has no devices, alerts or credentials, and gets none', async () => {
    const { app } = await openPush(factory);
    const push = app.store.push;
    const none = uuid(99);
    const target = apns('x');
    await push.register(none, { id: 'a', user: 'bob', target }, { devicesPerUser: 9, now });
    await push.setCredentials(none, 'apns', Uint8Array.from([1]));
    await push.settle(none, [{ device: 'a', accepted: 1 }], now);
    await push.completeAlert(none, 1, now);
    expect(await push.enqueue(none, { id: 'one', users: ['bob'], content: content('one') })).toBe(false);
    expect(await push.unregister(none, 'bob', 'a')).toBeUndefined();
    expect(await push.forget(none, 'a', now)).toBe(false);
    const wanted = { device: 'a', platform: 'apns', takesBadgeAlone: true } as const;
    expect(await push.claimDevices(none, [wanted], { now, until: now + 1 })).toEqual([{ kind: 'gone' }]);
    expect(await push.claimAlerts(none, 9, { now, until: now + 1 })).toEqual([]);
    expect([await push.devices(none, ['bob'], now), await push.devicesAfter(none, '', 9, now)]).toEqual([
      [],
      [],
    ]);
    expect([await push.device(none, 'a'), await push.credentials(none, 'apns')]).toEqual([
      undefined,
      undefined,
    ]);
    expect([await push.depth(none), await push.recipients(none, { kind: 'everyone' }, now)]).toEqual([0, []]);
    expect(
      await app.store.ask(none, {
        type: 'recipients',
        audience: { kind: 'everyone' },
        users: new Set(['bob']),
        now,
      }),
    ).toEqual([]);
  });

  test('a closed store rejects with StoreUnavailable', async () => {
    const { app } = await openPush(factory);
    const { push } = app.store;
    await app.store.close();
    const claim = { now, until: now + 1 };
    const later = [
      () => push.register(app.app, { id: 'a', user: 'bob', target: apns('x') }, { devicesPerUser: 9, now }),
      () => push.unregister(app.app, 'bob', 'a'),
      () => push.devices(app.app, ['bob'], now),
      () => push.devicesAfter(app.app, '', 9, now),
      () => push.device(app.app, 'a'),
      () => push.recipients(app.app, { kind: 'everyone' }, now),
      () => push.claimDevices(app.app, [], claim),
      () => push.settle(app.app, [], now),
      () => push.forget(app.app, 'a', now),
      () => push.enqueue(app.app, { id: 'one', users: [], content: content('one') }),
      () => push.claimAlerts(app.app, 9, claim),
      () => push.completeAlert(app.app, 1, now),
      () => push.depth(app.app),
      () => push.credentials(app.app, 'apns'),
      () => push.setCredentials(app.app, 'apns', undefined),
      () =>
        app.store.ask(app.app, { type: 'recipients', audience: { kind: 'everyone' }, users: new Set(), now }),
    ];
    for (const call of later) await expect(call()).rejects.toBeInstanceOf(StoreUnavailable);
  });
}

function deletion(factory: StoreFactory): void {
  test('promise 6: deleting an app takes its devices, alerts and credentials, and nothing of another', async () => {
    const push = await openPush(factory);
    const other = await push.anotherApp(2);
    for (const each of [push, other]) {
      await each.register('bob', 'a');
      await each.enqueue('one');
      await each.store.setCredentials(each.app.app, 'apns', Uint8Array.from([1]));
    }
    await push.app.store.apps.delete(push.app.app);
    await expectEmpty(push);
    await push.app.store.apps.create(anApp(1));
    await expectEmpty(push);
    expect(await push.enqueue('one')).toBe(true);
    await push.register('ann', 'a');
    expect(await push.audience({ kind: 'everyone' })).toEqual(['ann']);
    expect([await other.listed('bob'), await other.depth()]).toEqual([['a'], 1]);
    expect(await credentialsOf(other, 'apns')).toEqual([1]);
  });

  test('promises 5 and 6: what was deleted with an app stays deleted when the store is opened again', async (context) => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    await push.enqueue('one');
    await push.settle([{ device: 'a', accepted: null, alert: only(await push.claimAlerts()).id }]);
    await push.store.setCredentials(push.app.app, 'apns', Uint8Array.from([1]));
    await push.app.store.apps.delete(push.app.app);
    if (!(await push.app.reopen())) context.skip('this store keeps nothing when it is closed');
    await push.app.store.apps.create(anApp(1));
    await expectEmpty(push);
    await push.enqueue('one');
    expect(only(await push.claimAlerts()).settled).toEqual(new Set());
  });
}

async function expectEmpty(push: Push): Promise<void> {
  expect([await push.walked(), await push.listed('bob')]).toEqual([[], []]);
  expect([await push.depth(), await push.claimAlerts(9, now + 10 * minute)]).toEqual([0, []]);
  expect(await push.audience({ kind: 'everyone' })).toEqual([]);
  expect(await credentialsOf(push, 'apns')).toBeUndefined();
}

/** They may come back as any kind of byte array. */
async function credentialsOf(push: Push, platform: string): Promise<number[] | undefined> {
  const sealed = await push.store.credentials(push.app.app, platform);
  return sealed && [...sealed];
}
