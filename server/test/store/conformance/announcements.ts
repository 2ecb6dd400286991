/** Announcements: to named users and to everyone, and their receipts. */
import { limits } from '@badged/core';
import { expect, test } from 'vitest';
import { now, openScenario, type Scenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

const announce = { type: 'announce', id: uuid(77), at: now } as const;

export function announcements(factory: StoreFactory): void {
  test('an announcement to named users counts for them, once each, and makes them known', async () => {
    const app = await openScenario(factory);
    await app.external('cem', 0);
    const answer = await app.do({ ...announce, recipients: ['ann', 'bob', 'ann'] });
    expect(answer).toEqual({ id: uuid(77), sentAt: now });
    expect([await unread(app, 'ann'), await unread(app, 'bob'), await unread(app, 'cem')]).toEqual([1, 1, 0]);
  });

  test('an announcement to everyone is for everybody known, and not for who is known later', async () => {
    const app = await openScenario(factory);
    const early = await app.announce('everyone');
    await app.conversation(['ann', 'bob']);
    const id = await app.announce('everyone');
    await app.external('zoe', 0);
    expect([await unread(app, 'ann'), await unread(app, 'zoe')]).toEqual([1, 0]);
    await app.do({ type: 'read_announcement', user: 'ann', announcement: id });
    for (const [user, announcement] of [
      ['zoe', id],
      ['ann', early],
    ] as const) {
      for (const type of ['read_announcement', 'deliver_announcement'] as const) {
        expect(await app.refusal({ type, user, announcement })).toEqual({ code: 'not_found' });
      }
    }
    await app.announce('everyone');
    expect([await unread(app, 'ann'), await unread(app, 'bob'), await unread(app, 'zoe')]).toEqual([1, 2, 1]);
  });

  test('promise 3: the same id applied twice changes nothing and answers the same', async () => {
    const app = await openScenario(factory);
    const first = await app.do({ ...announce, recipients: ['ann'] });
    await app.do({ type: 'read_announcement', user: 'ann', announcement: uuid(77) });
    expect(await app.do({ ...announce, at: 1, recipients: ['ann', 'zoe'] })).toEqual(first);
    expect(await app.do({ ...announce, at: 1, recipients: [] })).toEqual(first);
    expect(await unread(app, 'ann')).toBe(0);
    expect(await app.isKnown('zoe')).toBe(false);
  });

  test('the same id with another fingerprint is id_in_use; where one side has none, it is a repeat', async () => {
    const app = await openScenario(factory);
    const first = await app.do({ ...announce, recipients: ['ann'], fingerprint: 7 });
    const refusal = await app.refusal({ ...announce, recipients: ['ann'], fingerprint: 8 });
    expect(refusal).toEqual({ code: 'id_in_use', existing: uuid(77) });
    expect(await app.do({ ...announce, recipients: 'everyone' })).toEqual(first);
    expect(await unread(app, 'ann')).toBe(1);
  });

  test('promises 3 and 4: receipts in any order, as often as they come', async () => {
    const app = await openScenario(factory);
    await app.external('ann', 0);
    const ids: string[] = [];
    for (const to of ['everyone', ['ann'], 'everyone', ['ann'], 'everyone'] as const)
      ids.push(await app.announce(to));
    const left = [];
    for (const index of [2, 3, 2, 0, 4, 1, 3]) {
      await app.do({ type: 'read_announcement', user: 'ann', announcement: ids[index] ?? '' });
      left.push((await app.explain('ann')).announcements.map((id) => ids.indexOf(id)));
    }
    expect(left).toEqual([[0, 1, 3, 4], [0, 1, 4], [0, 1, 4], [1, 4], [1], [], []]);
  });

  test('promise 3: a receipt for something unknown is refused whole', async () => {
    const app = await openScenario(factory);
    const announcement = await app.announce(['ann']);
    await app.announce(['bob']);
    for (const type of ['read_announcement', 'deliver_announcement'] as const) {
      for (const user of ['bob', 'nobody']) {
        expect(await app.refusal({ type, user, announcement })).toEqual({ code: 'not_found' });
      }
      const unknown = await app.refusal({ type, user: 'ann', announcement: uuid(99) });
      expect(unknown).toEqual({ code: 'not_found' });
    }
    expect(await app.isKnown('nobody')).toBe(false);
    expect(await unread(app, 'ann')).toBe(1);
  });

  test('a delivery receipt changes no count', async () => {
    const app = await openScenario(factory);
    const announcement = await app.announce(['ann']);
    await app.do({ type: 'deliver_announcement', user: 'ann', announcement });
    expect(await unread(app, 'ann')).toBe(1);
  });

  test('named recipients are 1 to 2,000, duplicates dropped', async () => {
    const app = await openScenario(factory);
    const most = limits.usersPerRequest;
    const many = Array.from({ length: most + 1 }, (_, number) => `user ${number}`);
    for (const recipients of [[], many]) {
      const refusal = await app.refusal({ ...announce, recipients });
      expect(refusal).toEqual({ code: 'invalid_property', property: 'recipients' });
    }
    expect(await app.isKnown('user 0')).toBe(false);
    await app.do({ ...announce, recipients: [...many.slice(1), 'user 1'] });
    expect([await unread(app, 'user 1'), await unread(app, `user ${most}`)]).toEqual([1, 1]);
  });
}

async function unread(app: Scenario, user: string): Promise<number> {
  return (await app.badge(user)).unreadAnnouncementCount;
}
