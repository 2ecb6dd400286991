/** Devices of one user share the computation of the badge: it may take milliseconds. */
import { expect, test } from 'vitest';
import { BadgesOfStep, stateOf } from '../../src/store/device_claims.js';
import type { Device } from '../../src/store/push_port.js';

function phone(id: string, user: string, accepted: number | null): Device {
  const target = { platform: 'fcm', token: id } as const;
  return { id, user, target, registeredAt: 1, usedAt: 1, accepted, acceptedAt: 1, isUnregistering: false };
}

test('the badge of each user is computed once in a step, also where it is 0 or there is none', () => {
  const asked: string[] = [];
  const badges = new BadgesOfStep({
    badge(user) {
      asked.push(user);
      return { ann: 3, ben: 0 }[user] ?? null;
    },
  });
  const devices = [phone('a', 'ann', 3), phone('b', 'ann', 2), phone('c', 'ben', 0), phone('d', 'ben', 1)];
  const disabled = [phone('e', 'eve', 5), phone('f', 'eve', null)];
  const states = [...devices, ...disabled].map((device) => stateOf(badges, device, 1));
  expect(states).toEqual(['right', 'wrong', 'right', 'wrong', 'right', 'right']);
  expect(asked).toEqual(['ann', 'ben', 'eve']);
});
