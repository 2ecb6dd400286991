/** A change of many users is gathered for half as long, and what is pushed to at that moment for the whole time. */
import { expect, test } from 'vitest';
import { LargeChanges } from '../../src/push/large_changes.js';
import type { DeviceWithBadge } from '../../src/store/push_port.js';
import { TestClock } from './test_clock.js';

const coalesceMs = 500;

function device(user: string): DeviceWithBadge {
  const target = { platform: 'fcm', token: user } as const;
  return {
    id: user,
    user,
    target,
    registeredAt: 1,
    usedAt: 1,
    isUnregistering: false,
    accepted: 0,
    acceptedAt: 1,
    badge: 1,
  };
}

/** Who is wanted, and when. Users whose names begin with "chatty" had a push a moment ago. */
function world() {
  const clock = new TestClock();
  const wanted: [atMs: number, users: string[]][] = [];
  const work: Promise<void>[] = [];
  let isClosed = false;
  const changes = new LargeChanges({
    clock,
    coalesceMs,
    usersPerCall: 3,
    recipients: async (_app, audience) => (audience.kind === 'users' ? audience.users : []),
    wrongDevices: async (_app, users) => users.map(device),
    isChatty: (_app, { id }) => id.startsWith('chatty'),
    want: (_app, devices) => {
      if (devices.length > 0) wanted.push([clock.now(), devices.map(({ id }) => id)]);
    },
    inBackground: (begin) => void work.push(begin()),
    isClosed: () => isClosed,
  });
  const settled = async () => {
    for (let running = work.shift(); running !== undefined; running = work.shift()) await running;
  };
  const close = () => {
    isClosed = true;
    changes.close();
  };
  return { changes, wanted, pass: (ms: number) => clock.advance(ms, settled), close, clock };
}

test('half of the wait is gathered for a device without a push just before, and the whole wait for others', async () => {
  const { changes, wanted, pass } = world();
  changes.add('app', ['ann', 'chatty bob', 'cid', 'chatty dan', 'eve']);
  await pass(100);
  changes.add('app', ['ann', 'fay', 'chatty bob', 'gil']);
  await pass(10 * coalesceMs);
  expect(wanted).toEqual([
    [250, ['ann', 'cid']],
    [250, ['eve', 'fay']],
    [250, ['gil']],
    [500, ['chatty bob']],
    [500, ['chatty dan']],
  ]);
});

test('closed, nothing more is wanted', async () => {
  const { changes, wanted, pass, close, clock } = world();
  changes.add('app', ['ann', 'chatty bob', 'cid']);
  await pass(coalesceMs / 2);
  changes.add('app', ['dan', 'eve', 'fay']);
  close();
  await pass(10 * coalesceMs);
  expect([wanted, clock.waiting]).toEqual([[[250, ['ann', 'cid']]], 0]);
});
