/** What push delivery costs the store: calls for batches, none for each device, so that a store may be behind a socket. */
import { expect, onTestFinished, test } from 'vitest';
import { DeliveryWorld } from './delivery_world.js';

const hour = 3_600_000;

async function world(): Promise<DeliveryWorld> {
  const made = await DeliveryWorld.open({ dispatcher: { sweepMs: hour } });
  onTestFinished(() => made.close());
  return made;
}

async function setExternal({ store, app }: DeliveryWorld, users: readonly string[], count: number) {
  const counts = users.map((user) => ({ user, name: '', count }));
  await store.execute<'set_external'>(app, { type: 'set_external', counts });
}

test('a badge push costs two calls, and finding the device two for all users who changed', async () => {
  const w = await world();
  const phone = await w.register('bob', 'phone');
  await w.settle();
  w.calls.splice(0);
  await setExternal(w, ['bob'], 3);
  await w.settle();
  expect(w.numbers(phone)).toEqual([0, 3]);
  expect(w.calls).toEqual(['recipients', 'devices', 'claimDevices', 'settle']);
});

test('devices that change in the same moment share the claim', async () => {
  const w = await world();
  const users = Array.from({ length: 40 }, (_, n) => `user ${n}`);
  const tokens = await Promise.all(users.map((user) => w.register(user, user)));
  // Devices that had a push a moment ago would let others go first.
  await w.pass(10_000);
  w.calls.splice(0);
  await setExternal(w, users, 3);
  await w.settle();
  expect(tokens.map((token) => w.numbers(token).at(-1))).toEqual(users.map(() => 3));
  const settlements = w.calls.filter((call) => call === 'settle');
  expect(w.calls.filter((call) => call !== 'settle')).toEqual(['recipients', 'devices', 'claimDevices']);
  expect(settlements.length).toBeLessThanOrEqual(users.length);
});

test('a walk through devices that are right is one call for a page', async () => {
  const w = await world();
  const users = Array.from({ length: 150 }, (_, n) => `user ${n}`);
  await Promise.all(users.map((user) => w.register(user, user)));
  await w.settle();
  w.calls.splice(0);
  await w.pass(hour);
  const ofSweep = ['list', 'dueApps', 'claimAlerts', 'walked'];
  expect(w.calls.filter((call) => !ofSweep.includes(call))).toEqual(['devicesAfter']);
});
