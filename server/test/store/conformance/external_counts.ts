/** External counts: 0 is a number, null is its absence. */
import { limits } from '@badged/core';
import { expect, test } from 'vitest';
import { openScenario, type Scenario } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

export function externalCounts(factory: StoreFactory): void {
  test('an external count makes an unknown user known; 0 is kept as 0', async () => {
    const app = await openScenario(factory);
    await app.external('ann', 0);
    expect(await counts(app, 'ann')).toEqual([0, { '': 0 }]);
  });

  test('removing one that is not there makes nobody known', async () => {
    const app = await openScenario(factory);
    await app.external('ann', null);
    expect(await app.isKnown('ann')).toBe(false);
  });

  test('named counts are kept side by side, and the external count is their sum', async () => {
    const app = await openScenario(factory);
    await app.external('ann', 13);
    await app.external('ann', 3, 'tasks');
    await app.external('ann', 0, 'invites');
    expect(await counts(app, 'ann')).toEqual([16, { '': 13, tasks: 3, invites: 0 }]);
    await app.external('ann', 5);
    await app.external('ann', null, 'tasks');
    expect(await counts(app, 'ann')).toEqual([5, { '': 5, invites: 0 }]);
    await app.external('ann', null);
    await app.external('ann', null, 'invites');
    expect(await counts(app, 'ann')).toEqual([0, {}]);
  });

  test('several users are set in one command; the last count for a name holds', async () => {
    const app = await openScenario(factory);
    await app.do({
      type: 'set_external',
      counts: [
        { user: 'ann', name: '', count: 1 },
        { user: 'bob', name: 'tasks', count: 2 },
        { user: 'ann', name: '', count: null },
        { user: 'bob', name: 'tasks', count: 3 },
        { user: 'zoe', name: 'tasks', count: null },
      ],
    });
    expect(await counts(app, 'ann')).toEqual([0, {}]);
    expect(await counts(app, 'bob')).toEqual([3, { tasks: 3 }]);
    expect(await app.isKnown('zoe')).toBe(false);
  });

  test('a count is an integer from 0 to 2,147,483,647, and a wrong one changes nothing', async () => {
    const app = await openScenario(factory);
    await app.external('ann', limits.externalCount);
    for (const count of [-1, 1.5, Number.NaN, limits.externalCount + 1]) {
      const both = [
        { user: 'ann', name: '', count: 1 },
        { user: 'zoe', name: '', count },
      ];
      const refusal = await app.refusal({ type: 'set_external', counts: both });
      expect(refusal).toEqual({ code: 'invalid_property', property: 'external_unread_count' });
    }
    expect(await counts(app, 'ann')).toEqual([limits.externalCount, { '': limits.externalCount }]);
    expect(await app.isKnown('zoe')).toBe(false);
  });

  test('a user has up to 100 names, whose sum is exact', async () => {
    const app = await openScenario(factory);
    const count = limits.externalCount;
    const names = Array.from({ length: limits.externalNamesPerUser }, (_, number) => `name ${number}`);
    await app.do({ type: 'set_external', counts: names.map((name) => ({ user: 'ann', name, count })) });
    const another = [{ user: 'ann', name: 'one more', count: 1 }];
    const refusal = await app.refusal({ type: 'set_external', counts: another });
    expect(refusal).toMatchObject({ code: 'invalid_property' });
    expect((await app.badge('ann')).externalUnreadCount).toBe(100 * count);
    await app.external('ann', 1, 'name 7');
    await app.external('ann', null, 'name 8');
    await app.external('ann', 2, 'one more');
    expect((await app.badge('ann')).externalUnreadCount).toBe(98 * count + 3);
  });
}

async function counts(app: Scenario, user: string) {
  const { externalUnreadCount, external } = await app.badge(user);
  return [externalUnreadCount, external];
}
