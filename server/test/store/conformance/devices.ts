/** Devices: whose they are, how many a user has, and when they leave. */
import { expect, test } from 'vitest';
import type { PushTarget } from '../../../src/push_target.js';
import { apns, fcm, minute, openPush, webPush } from '../push_scenario.js';
import { now } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

export function devices(factory: StoreFactory): void {
  registering(factory);
  moving(factory);
  limit(factory);
  leaving(factory);
}

function registering(factory: StoreFactory): void {
  test('a registered device is found as it was registered, on every platform', async () => {
    const push = await openPush(factory);
    const unknown = { accepted: null, acceptedAt: null, isUnregistering: false };
    const targets = { a: apns('t1', { environment: 'development' }), b: fcm('t1'), c: webPush('t1') };
    for (const [id, target] of Object.entries(targets)) {
      await push.register('bob', id, { target });
      const device = { id, user: 'bob', target, registeredAt: now, usedAt: now, ...unknown };
      expect(await push.device(id)).toEqual(device);
    }
    expect(await push.listed('bob')).toHaveLength(3);
    expect(await push.listed('ann')).toEqual([]);
    expect(await push.store.device(push.app.app, 'd')).toBeUndefined();
  });

  test('registering a device makes no user known', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    expect(await push.app.isKnown('bob')).toBe(false);
  });

  test('an id is one device: registering it again with another target replaces that', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a', { target: apns('old') });
    await push.register('bob', 'a', { target: fcm('new'), at: now + 1 });
    expect(await push.listed('bob')).toEqual(['a']);
    expect(await push.device('a')).toMatchObject({ target: fcm('new'), registeredAt: now + 1 });
    await push.register('ann', 'b', { target: apns('old') });
    expect(await push.walked()).toEqual(['a', 'b']);
  });

  test('a target is one device: registering it under another id removes the one before', async () => {
    const push = await openPush(factory);
    const targets = [apns('x'), fcm('x'), webPush('x')];
    for (const [index, target] of targets.entries()) await push.register('ann', `a${index}`, { target });
    expect(await push.listed('ann')).toHaveLength(3);
    for (const [index, target] of targets.entries()) await push.register('bob', `b${index}`, { target });
    expect(await push.walked()).toEqual(['b0', 'b1', 'b2']);
    expect(await push.listed('ann')).toEqual([]);
    await push.register('bob', 'c', { target: apns('x', { environment: 'development' }) });
    expect(await push.walked()).toEqual(['b1', 'b2', 'c']);
  });

  test('registering for another user moves the device, and what it accepted is unknown', async () => {
    const push = await openPush(factory);
    await push.register('ann', 'a');
    await push.accept('a', 4);
    await push.register('bob', 'a', { at: now + 1 });
    expect([await push.listed('ann'), await push.listed('bob')]).toEqual([[], ['a']]);
    expect(await push.device('a')).toMatchObject({ user: 'bob', accepted: null, acceptedAt: null });
    expect(await push.audience({ kind: 'everyone' })).toEqual(['bob']);
  });

  test('registering the id of one device with the target of another leaves one device of the two', async () => {
    const push = await openPush(factory);
    await push.register('ann', 'a', { target: apns('one') });
    await push.register('bob', 'b', { target: apns('two') });
    await push.register('bob', 'a', { target: apns('two') });
    expect(await push.walked()).toEqual(['a']);
    expect(await push.device('a')).toMatchObject({ user: 'bob', target: apns('two') });
    expect(await push.audience({ kind: 'everyone' })).toEqual(['bob']);
  });

  test('promise 3: the same registration again keeps what was accepted, and is a use', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    await push.accept('a', 4, now + 1);
    await push.register('bob', 'a', { at: now + 2 });
    const times = { registeredAt: now + 2, usedAt: now + 2, acceptedAt: now + 1 };
    expect(await push.device('a')).toMatchObject({ accepted: 4, ...times });
    expect(await push.audience({ kind: 'everyone' })).toEqual(['bob']);
  });

  test('a browser that has new keys at the same endpoint is known by the new ones', async () => {
    const push = await openPush(factory);
    const renewed = webPush('x', { p256dh: 'BNd', auth: 'tBI' });
    await push.register('bob', 'a', { target: webPush('x') });
    await push.accept('a', 4);
    await push.register('bob', 'a', { target: renewed });
    expect(await push.device('a')).toMatchObject({ target: renewed, accepted: null });
  });

  test('a token that comes with another bundle id is known by the new one', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a', { target: apns('x') });
    await push.register('bob', 'a', { target: apns('x', { bundleId: 'example.other' }) });
    expect((await push.device('a')).target).toEqual(apns('x', { bundleId: 'example.other' }));
  });
}

function moving(factory: StoreFactory): void {
  const options = { devicesPerUser: 25, now: now + 1, movesByTargetOnly: true };

  test('if only the target moves a device, an id alone moves none, and nothing changes', async () => {
    const push = await openPush(factory);
    await push.register('ann', 'a', { target: apns('anns') });
    await push.register('bob', 'b', { target: apns('bobs') });
    const before = [await push.device('a'), await push.device('b')];
    for (const target of [apns('new'), fcm('anns'), apns('bobs')]) {
      const changed = await push.store.register(push.app.app, { id: 'a', user: 'bob', target }, options);
      expect(changed).toEqual([]);
    }
    expect([await push.device('a'), await push.device('b')]).toEqual(before);
  });

  test('if only the target moves a device, its own user may change it, and the target moves it', async () => {
    const push = await openPush(factory);
    const register = async (user: string, id: string, target: PushTarget) => {
      const changed = await push.store.register(push.app.app, { id, user, target }, options);
      return changed.map((each) => `${each.id} of ${each.user}`);
    };
    expect(await register('ann', 'a', apns('one'))).toEqual(['a of ann']);
    expect(await register('ann', 'a', apns('two'))).toEqual(['a of ann']);
    expect(await register('bob', 'a', apns('two', { bundleId: 'example.other' }))).toEqual(['a of bob']);
    expect(await register('cem', 'c', apns('two'))).toEqual(['c of cem']);
    expect(await push.walked()).toEqual(['c']);
    await push.unregister('cem', 'c');
    expect(await register('ann', 'c', apns('three'))).toEqual(['c of ann']);
  });
}

function limit(factory: StoreFactory): void {
  test('registering and unregistering return the devices that changed', async () => {
    const push = await openPush(factory);
    const register = async (id: string, at: number) => {
      const device = { id, user: 'bob', target: apns(`token of ${id}`) };
      const changed = await push.store.register(push.app.app, device, { devicesPerUser: 2, now: at });
      return changed.map((each) => [each.id, each.isUnregistering]);
    };
    expect(await register('a', now)).toEqual([['a', false]]);
    expect(await register('b', now + 1)).toEqual([['b', false]]);
    expect(await register('b', now + 2)).toEqual([['b', false]]);
    expect(await register('c', now + 3)).toEqual([
      ['c', false],
      ['a', true],
    ]);
    const unregistered = await push.store.unregister(push.app.app, 'bob', 'c');
    expect(unregistered).toEqual(await push.device('c'));
    expect(unregistered).toMatchObject({ id: 'c', isUnregistering: true });
  });

  test('beyond the limit, the least recently used devices of the user leave', async () => {
    const push = await openPush(factory);
    for (const [index, id] of ['a', 'b', 'c'].entries())
      await push.register('bob', id, { at: now + index, limit: 3 });
    await push.register('ann', 'x', { at: now - 1, limit: 3 });
    await push.accept('a', 0, now + 10);
    await push.register('bob', 'd', { at: now + 20, limit: 3 });
    expect(await push.listed('bob')).toEqual(['d', 'a', 'c']);
    expect(await push.device('b')).toMatchObject({ isUnregistering: true, user: 'bob' });
    await push.register('bob', 'c', { at: now + 30, limit: 3 });
    await push.register('bob', 'e', { at: now + 40, limit: 2 });
    expect(await push.listed('bob')).toEqual(['e', 'c']);
    expect(await push.listed('ann')).toEqual(['x']);
    expect(await push.walked()).toEqual(['a', 'b', 'c', 'd', 'e', 'x']);
  });

  test('those that are leaving make no other one leave', async () => {
    const push = await openPush(factory);
    for (const id of ['a', 'b']) await push.register('bob', id, { limit: 2 });
    await push.unregister('bob', 'a');
    await push.register('bob', 'c', { at: now + 1, limit: 2 });
    expect(await push.listed('bob')).toEqual(['c', 'b']);
  });

  test('the device that registers is never the one that makes room, whatever the clocks say', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a', { limit: 1 });
    await push.register('bob', 'b', { limit: 1 });
    expect(await push.listed('bob')).toEqual(['b']);
    await push.register('bob', 'c', { at: now - minute, limit: 1 });
    expect(await push.listed('bob')).toEqual(['c']);
  });
}

function leaving(factory: StoreFactory): void {
  test('an unregistered device leaves: not listed, meant by nothing, but walked through until forgotten', async () => {
    const push = await openPush(factory);
    for (const id of ['a', 'b', 'c']) await push.register('bob', id);
    await push.accept('b', 4);
    expect(await push.unregister('bob', 'b')).toBe(true);
    expect(await push.listed('bob')).toEqual(['a', 'c']);
    expect(await push.walked()).toEqual(['a', 'b', 'c']);
    expect(await push.device('b')).toMatchObject({ isUnregistering: true, accepted: 4, user: 'bob' });
    for (const id of ['a', 'c']) await push.unregister('bob', id);
    expect(await push.audience({ kind: 'everyone' })).toEqual([]);
    expect(await push.audience({ kind: 'users', users: ['bob'] })).toEqual([]);
    expect(await push.forget('b', now)).toBe(true);
    expect(await push.walked()).toEqual(['a', 'c']);
  });

  test('only the user whose device it is can unregister it, and once', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    expect(await push.unregister('ann', 'a')).toBe(false);
    expect(await push.unregister('bob', 'b')).toBe(false);
    expect(await push.unregister('bob', 'a')).toBe(true);
    expect(await push.unregister('bob', 'a')).toBe(false);
    expect(await push.listed('bob')).toEqual([]);
  });

  test('a leaving device that registers again stays, and what it accepted is unknown', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    await push.accept('a', 4);
    await push.unregister('bob', 'a');
    await push.register('bob', 'a', { at: now + 1 });
    expect(await push.device('a')).toMatchObject({
      isUnregistering: false,
      accepted: null,
      acceptedAt: null,
    });
    expect(await push.audience({ kind: 'everyone' })).toEqual(['bob']);
    expect(await push.unregister('bob', 'a')).toBe(true);
    expect(await push.audience({ kind: 'everyone' })).toEqual([]);
  });

  test('walking finds every device once, whatever its id is, and however many at a time', async () => {
    const push = await openPush(factory);
    const ids = ['B', 'a', 'é🦊', '__proto__', '\uffee', "x'y", 'z', '0', ' '];
    for (const id of ids) await push.register('bob', id);
    await push.unregister('bob', 'z');
    for (const atOnce of [1, 2, 4, ids.length, 100]) {
      expect([...(await push.walked(atOnce))].sort()).toEqual([...ids].sort());
    }
  });

  test('a device is forgotten unless it registered after the time', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    await push.register('bob', 'a', { at: now + 5 });
    expect(await push.forget('a', now + 4)).toBe(false);
    expect(await push.listed('bob')).toEqual(['a']);
    expect(await push.forget('a', now + 5)).toBe(true);
    expect(await push.forget('a', now + 5)).toBe(false);
    expect(await push.store.device(push.app.app, 'a')).toBeUndefined();
    expect(await push.audience({ kind: 'everyone' })).toEqual([]);
  });
}
