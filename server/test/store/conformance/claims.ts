/** One push at a time for each device: who may send, and what is known of what arrived. */
import { expect, test } from 'vitest';
import type { DeviceWithBadge } from '../../../src/store/push_port.js';
import { apns, minute, only, openPush, webPush } from '../push_scenario.js';
import { now } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

export function claims(factory: StoreFactory): void {
  wanted(factory);
  inFlight(factory);
}

/** Which of the wanted pushes there is something to send for, and what. */
function wanted(factory: StoreFactory): void {
  test('promise 7: a device is claimed with its user and the number to send, and only while that is not what it has', async () => {
    const push = await openPush(factory);
    await push.app.external('bob', 3);
    await push.register('bob', 'a');
    const device = await push.device('a');
    const claimed = { kind: 'claimed', device, badge: 3, showsAlert: false };
    expect(await push.claimDevices(['a', 'gone'])).toMatchObject([claimed, { kind: 'gone' }]);
    expect(await push.settle([{ device: 'a', accepted: 3 }])).toEqual(['right']);
    expect(await push.claimDevices(['a'])).toEqual([{ kind: 'right', device: await push.device('a') }]);
    await push.app.external('bob', 4);
    expect(await push.claimDevices(['a'])).toMatchObject([{ kind: 'claimed', badge: 4 }]);
  });

  test('a push in flight makes a device busy, whichever number it is wanted for', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    expect(await push.claimDevices(['a', 'a'])).toMatchObject([{ kind: 'claimed' }, { kind: 'busy' }]);
    expect(await push.claimDevices(['a'], { alertFor: 'bob' })).toEqual([{ kind: 'busy' }]);
  });

  test('promise 8: an alert is shown to the user it is for, and to no other who has the device now', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    await push.accept('a', 0);
    const right = { kind: 'right', device: await push.device('a') };
    expect(await push.claimDevices(['a'], { alertFor: 'ann' })).toEqual([right]);
    const shown = { kind: 'claimed', badge: 0, showsAlert: true };
    expect(await push.claimDevices(['a'], { alertFor: 'bob' })).toMatchObject([shown]);
  });

  test('an alert alone moves a device whose platform takes no number without one', async () => {
    const push = await openPush(factory);
    await push.app.external('bob', 3);
    await push.register('bob', 'w', { target: webPush('w') });
    const quiet = { takesBadgeAlone: false };
    expect(await push.claimDevices(['w'], quiet)).toMatchObject([{ kind: 'right' }]);
    const claims = await push.claimDevices(['w'], { ...quiet, alertFor: 'bob' });
    expect(claims).toMatchObject([{ kind: 'claimed', badge: 3, showsAlert: true }]);
  });

  test('a number that the device refused is not sent alone again, and another one is', async () => {
    const push = await openPush(factory);
    await push.app.external('bob', 3);
    await push.register('bob', 'a');
    expect(await push.claimDevices(['a'], { refused: 3 })).toMatchObject([{ kind: 'right' }]);
    expect(await push.claimDevices(['a'], { refused: 0 })).toMatchObject([{ kind: 'claimed', badge: 3 }]);
  });

  test('a device on another platform than it is wanted on counts as gone', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    expect(await push.claimDevices(['a'], { platform: 'fcm' })).toEqual([{ kind: 'gone' }]);
    expect(await push.claimDevices(['a'])).toMatchObject([{ kind: 'claimed' }]);
  });

  test('disabled is not 0: no number is sent, and an alert goes without one', async () => {
    const push = await openPush(factory);
    await push.app.external('bob', 3);
    await push.register('bob', 'a');
    await push.app.store.apps.update(push.app.app, { settings: { mode: 'disabled' } });
    expect(await push.claimDevices(['a'])).toMatchObject([{ kind: 'right' }]);
    const claims = await push.claimDevices(['a'], { alertFor: 'bob' });
    expect(claims).toMatchObject([{ kind: 'claimed', badge: null, showsAlert: true }]);
    expect(await push.settle([{ device: 'a', accepted: null }])).toEqual(['right']);
  });

  test('an unregistering device is claimed for its 0 and shown no alert; then it is wrong until it is forgotten', async () => {
    const push = await openPush(factory);
    await push.app.external('bob', 3);
    await push.register('bob', 'a');
    await push.accept('a', 3);
    await push.unregister('bob', 'a');
    const claims = await push.claimDevices(['a'], { alertFor: 'bob' });
    expect(claims).toMatchObject([{ kind: 'claimed', badge: 0, showsAlert: false }]);
    expect(await push.settle([{ device: 'a', accepted: 0 }])).toEqual(['wrong']);
    expect(await push.claimDevices(['a'])).toMatchObject([{ kind: 'right' }]);
    await push.forget('a', now);
    expect(await push.settle([{ device: 'a', accepted: 0 }])).toEqual(['gone']);
  });

  test('a settlement says whether the number was overtaken while the push was in flight', async () => {
    const push = await openPush(factory);
    for (const id of ['a', 'b']) await push.register('bob', id);
    await push.claimDevices(['a', 'b']);
    await push.app.external('bob', 1);
    const settlements = [
      { device: 'a', accepted: 0 },
      { device: 'b', accepted: 1 },
    ];
    expect(await push.settle(settlements)).toEqual(['wrong', 'right']);
  });

  test('a page of devices comes with the numbers that their icons should show', async () => {
    const push = await openPush(factory);
    await push.app.external('bob', 3);
    await push.app.external('ann', 5);
    for (const [user, id] of [
      ['bob', 'a'],
      ['ann', 'b'],
      ['bob', 'c'],
      ['zoe', 'd'],
    ] as const)
      await push.register(user, id);
    await push.unregister('bob', 'c');
    const numbers = (devices: readonly DeviceWithBadge[]) => devices.map(({ id, badge }) => [id, badge]);
    const { app } = push.app;
    const page = await push.store.devicesAfter(app, '', 9, now);
    expect(numbers(page)).toEqual([
      ['a', 3],
      ['b', 5],
      ['c', 0],
      ['d', 0],
    ]);
    const some = await push.store.devices(app, ['zoe', 'bob'], now);
    expect(numbers(some)).toEqual([
      ['d', 0],
      ['a', 3],
    ]);
    await push.app.store.apps.update(app, { settings: { mode: 'disabled' } });
    expect(numbers(await push.store.devices(app, ['bob'], now))).toEqual([['a', null]]);
  });
}

function inFlight(factory: StoreFactory): void {
  test('promise 7: what a device accepted is unknown from the beginning of a push', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    await push.accept('a', 4);
    expect((await push.device('a')).accepted).toBe(4);
    await push.claim(['a'], now + 1);
    expect(await push.device('a')).toMatchObject({ accepted: null, usedAt: now });
  });

  test('a claim keeps others away until its time, and is answered for whom it was given', async () => {
    const push = await openPush(factory);
    for (const id of ['a', 'b', 'c']) await push.register('bob', id);
    expect(await push.claim(['a', 'b', 'gone', 'a'], now, now + minute)).toEqual(['a', 'b']);
    expect(await push.claim(['a', 'b', 'c'], now + minute - 1, now + 2 * minute)).toEqual(['c']);
    expect(await push.claim(['a', 'b', 'c'], now + minute)).toEqual(['a', 'b']);
    expect(await push.claim([], now)).toEqual([]);
  });

  test('a claim from before the clock was set back holds for no longer than twice its time', async () => {
    const push = await openPush(factory);
    for (const id of ['a', 'b']) await push.register('bob', id);
    expect(await push.claim(['a'], now + 60 * minute, now + 61 * minute)).toEqual(['a']);
    expect(await push.claim(['a', 'b'], now, now + minute)).toEqual(['a', 'b']);
    // The clock of another node may be behind by as much as a claim lasts.
    expect(await push.claim(['a', 'b'], now - minute, now)).toEqual([]);
    expect(await push.claim(['a', 'b'], now - minute - 1, now - 1)).toEqual(['a', 'b']);
  });

  test('two that begin at the same time do not both get a device', async () => {
    const push = await openPush(factory);
    for (const id of ['a', 'b', 'c']) await push.register('bob', id);
    const both = await Promise.all([push.claim(['a', 'b']), push.claim(['b', 'c'])]);
    expect(both.flat().sort()).toEqual(['a', 'b', 'c']);
  });

  test('the end gives the claim back and says what was accepted: 0 is a number like any other', async () => {
    const push = await openPush(factory);
    for (const id of ['a', 'b']) await push.register('bob', id);
    await push.claim(['a', 'b'], now);
    await push.settle(
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
    expect(await push.claim(['a', 'b'], now + 6)).toEqual(['a', 'b']);
    expect(await push.store.device(push.app.app, 'gone')).toBeUndefined();
  });

  test('a push that was refused leaves unknown what the device shows, and is no use of it', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    await push.accept('a', 4, now + 1);
    await push.claim(['a'], now + 2);
    await push.settle([{ device: 'a', accepted: null }], now + 3);
    expect(await push.device('a')).toMatchObject({ accepted: null, acceptedAt: now + 1, usedAt: now + 1 });
    expect(await push.claim(['a'], now + 3)).toEqual(['a']);
  });

  test('the environment in which a token was accepted is kept, also when the device says the old one again', async () => {
    const push = await openPush(factory);
    const target = apns('x', { environment: 'development' });
    await push.register('bob', 'a', { target: apns('x') });
    await push.claim(['a']);
    await push.settle([{ device: 'a', target, accepted: 4 }]);
    expect(await push.device('a')).toMatchObject({ target, accepted: 4 });
    await push.register('bob', 'a', { target: apns('x') });
    expect(await push.device('a')).toMatchObject({ target, accepted: 4 });
  });

  test('promise 7: a later registration learns nothing from a push to the one before', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a', { target: apns('old') });
    await push.claim(['a']);
    await push.register('bob', 'a', { target: apns('new'), at: now + 1 });
    const development = apns('old', { environment: 'development' });
    await push.settle([{ device: 'a', registeredAt: now, target: development, accepted: 5 }], now + 2);
    const unknown = { target: apns('new'), accepted: null, acceptedAt: null, usedAt: now + 1 };
    expect(await push.device('a')).toMatchObject(unknown);
    await push.claim(['a'], now + 3);
    await push.settle([{ device: 'a', registeredAt: now + 1, accepted: 6 }], now + 4);
    expect(await push.device('a')).toMatchObject({ accepted: 6, acceptedAt: now + 4, usedAt: now + 4 });
  });

  test('the same registration while a push is in flight leaves the claim, which the settlement gives back', async () => {
    const push = await openPush(factory);
    await push.register('bob', 'a');
    await push.claim(['a']);
    await push.register('bob', 'a', { at: now + 1 });
    expect(await push.claim(['a'], now + 2)).toEqual([]);
    await push.settle([{ device: 'a', registeredAt: now, accepted: 5 }], now + 3);
    expect(await push.device('a')).toMatchObject({ accepted: null, registeredAt: now + 1, usedAt: now + 1 });
    expect(await push.claim(['a'], now + 3)).toEqual(['a']);
    await push.settle([{ device: 'a', accepted: 5 }], now + 4);
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
    const { id: alert } = only(await push.claimAlerts(1, now, now + minute));
    await push.claim(['a']);
    await push.settle([
      { device: 'a', accepted: 1, alert },
      { device: 'b', accepted: null, alert },
    ]);
    await push.settle([{ device: 'b', accepted: null, alert }]);
    expect(only(await push.claimAlerts(1, now + minute)).settled).toEqual(new Set(['a', 'b']));
    await push.settle([{ device: 'c', accepted: null, alert }]);
    expect(only(await push.claimAlerts(1, now + 2 * minute)).settled).toEqual(new Set(['a', 'b', 'c']));
    expect(await push.device('a')).toMatchObject({ accepted: 1 });
  });
}
