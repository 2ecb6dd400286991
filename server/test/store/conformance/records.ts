/** Records: inserted once, taken once, listed by owner, gone when they expire or their app is deleted. */
import { expect, test } from 'vitest';
import type { StoredRecord } from '../../../src/store/record_port.js';
import { anApp, now, openScenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

function aRecord(id: string, more: Partial<StoredRecord> = {}): StoredRecord {
  return { id, owner: 'ann', value: `{"of":"${id}"}`, expiresAt: null, ...more };
}

export function records(factory: StoreFactory): void {
  test('a record is inserted once, and answered as it was', async () => {
    const { store, app } = await openScenario(factory);
    const first = aRecord('a', { value: '{"odd":"\\u0000 💬"}' });
    expect(await store.records.insert(app, 'code', first, now)).toBe(true);
    expect(await store.records.insert(app, 'code', aRecord('a'), now)).toBe(false);
    expect(await store.records.get(app, 'code', 'a', now)).toEqual(first);
    expect(await store.records.get(app, 'code', 'b', now)).toBeUndefined();
    expect(await store.records.get(app, 'token', 'a', now)).toBeUndefined();
  });

  test('of several who insert the same id at once, one does; of several who take it, one gets it', async () => {
    const { store, app } = await openScenario(factory);
    const insert = (owner: string) => store.records.insert(app, 'code', aRecord('a', { owner }), now);
    expect(await Promise.all([insert('x'), insert('y'), insert('z')])).toEqual([true, false, false]);
    const take = () => store.records.take(app, 'code', 'a', now);
    const taken = await Promise.all([take(), take(), take()]);
    expect(taken.filter((each) => each !== undefined)).toEqual([aRecord('a', { owner: 'x' })]);
    expect(await insert('w')).toBe(true);
  });

  test('an update replaces what is there, and makes nothing', async () => {
    const { store, app } = await openScenario(factory);
    await store.records.insert(app, 'client', aRecord('a'), now);
    await store.records.insert(app, 'client', aRecord('b'), now);
    const changed = aRecord('a', { value: '{}', expiresAt: now + 5 });
    expect(await store.records.update(app, 'client', changed, now)).toBe(true);
    expect(await store.records.list(app, 'client', 'ann', now)).toEqual([changed, aRecord('b')]);
    expect(await store.records.update(app, 'client', aRecord('c'), now)).toBe(false);
    await store.records.take(app, 'client', 'b', now);
    expect(await store.records.update(app, 'client', aRecord('b'), now)).toBe(false);
    expect(await store.records.update(app, 'client', changed, now + 5)).toBe(false);
  });

  test('an expired record is no record', async () => {
    const { store, app } = await openScenario(factory);
    const record = aRecord('a', { expiresAt: now + 10 });
    await store.records.insert(app, 'code', record, now);
    expect(await store.records.get(app, 'code', 'a', now + 9)).toEqual(record);
    expect(await store.records.get(app, 'code', 'a', now + 10)).toBeUndefined();
    expect(await store.records.list(app, 'code', 'ann', now + 10)).toEqual([]);
    expect(await store.records.take(app, 'code', 'a', now + 10)).toBeUndefined();
    expect(await store.records.insert(app, 'code', aRecord('a'), now + 10)).toBe(true);
    expect(await store.records.get(app, 'code', 'a', now + 10)).toEqual(aRecord('a'));
  });

  test('records are listed by owner in the order of insertion, also after one was replaced', async () => {
    const { store, app } = await openScenario(factory);
    for (const id of ['c', 'a', 'b']) await store.records.insert(app, 'channel', aRecord(id), now);
    await store.records.insert(app, 'channel', aRecord('d', { owner: 'bob' }), now);
    await store.records.insert(app, 'other', aRecord('e'), now);
    const ids = async () =>
      (await store.records.list(app, 'channel', 'ann', now)).map((each) => each.id).join();
    expect(await ids()).toBe('c,a,b');
    await store.records.update(app, 'channel', aRecord('c', { value: '{}' }), now);
    expect(await ids()).toBe('c,a,b');
    await store.records.take(app, 'channel', 'c', now);
    await store.records.insert(app, 'channel', aRecord('c'), now);
    expect(await ids()).toBe('a,b,c');
  });

  test('promise 8: the same id in two apps is two records, and a deleted app takes its own along', async () => {
    const here = await openScenario(factory);
    const there = await here.anotherApp(2);
    const { records } = here.store;
    for (const { app } of [here, there]) await records.insert(app, 'code', aRecord('a', { owner: app }), now);
    await here.store.apps.delete(here.app);
    expect(await records.get(here.app, 'code', 'a', now)).toBeUndefined();
    expect(await records.insert(here.app, 'code', aRecord('b'), now)).toBe(false);
    expect(await records.update(here.app, 'code', aRecord('a'), now)).toBe(false);
    expect(await records.take(here.app, 'code', 'a', now)).toBeUndefined();
    expect(await records.list(here.app, 'code', here.app, now)).toEqual([]);
    await here.store.apps.create(anApp(1));
    expect(await records.get(here.app, 'code', 'a', now)).toBeUndefined();
    expect((await records.get(there.app, 'code', 'a', now))?.owner).toBe(there.app);
    expect(await records.insert(uuid(99), 'code', aRecord('a'), now)).toBe(false);
  });

  test('promise 5: a store that is opened again has its records', async () => {
    const app = await openScenario(factory);
    await app.store.records.insert(app.app, 'code', aRecord('a', { expiresAt: now + 10 }), now);
    await app.store.records.insert(app.app, 'code', aRecord('b'), now);
    await app.store.records.take(app.app, 'code', 'b', now);
    if (!(await app.reopen())) return;
    expect(await app.store.records.get(app.app, 'code', 'a', now)).toEqual(
      aRecord('a', { expiresAt: now + 10 }),
    );
    expect(await app.store.records.get(app.app, 'code', 'b', now)).toBeUndefined();
  });
}
