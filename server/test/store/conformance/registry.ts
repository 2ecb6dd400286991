/** The registry of apps, their tokens and secrets; and promise 8: nothing crosses apps. */
import { expect, test } from 'vitest';
import type { AppToken } from '../../../src/store/port.js';
import { anApp, now, openScenario, uuid } from '../scenario.js';
import type { StoreFactory } from '../store_under_test.js';

function aToken(number: number, app: string): AppToken {
  const hash = Uint8Array.from({ length: 32 }, (_, index) => (index * number) % 256);
  return { id: uuid(0x70000000 + number), app, label: `backend ${number}`, hash, createdAt: now + number };
}

export function registry(factory: StoreFactory): void {
  test('apps are listed in the order of creation, and answered as they were created', async () => {
    const { store, app } = await openScenario(factory);
    const external = anApp(7, { settings: { mode: 'external', includeAnnouncements: false }, createdAt: 1 });
    for (const each of [external, anApp(3)]) await store.apps.create(each);
    expect(await store.apps.list()).toEqual([anApp(1), external, anApp(3)]);
    expect(await store.apps.get(app)).toEqual(anApp(1));
    expect(await store.apps.get(uuid(99))).toBeUndefined();
  });

  test('an update changes what it names, and the next badge uses it', async () => {
    const app = await openScenario(factory);
    await app.external('ann', 1);
    const updated = await app.store.apps.update(app.app, { name: 'new', settings: { mode: 'disabled' } });
    const settings = { mode: 'disabled', includeAnnouncements: true };
    expect(updated).toEqual({ ...anApp(1), name: 'new', settings });
    expect(await app.store.apps.get(app.app)).toEqual(updated);
    expect(await app.badge('ann')).toMatchObject({ settings, externalUnreadCount: 1 });
    const second = { jabberDomain: 'chat.example', settings: { includeAnnouncements: false } };
    expect(await app.store.apps.update(app.app, second)).toEqual({
      ...anApp(1),
      name: 'new',
      jabberDomain: 'chat.example',
      settings: { mode: 'disabled', includeAnnouncements: false },
    });
    expect(await app.store.apps.update(uuid(99), { name: 'new' })).toBeUndefined();
  });

  test('changes of different settings at the same moment all take effect', async () => {
    const { store, app } = await openScenario(factory);
    await Promise.all([
      store.apps.update(app, { name: 'new' }),
      store.apps.update(app, { settings: { mode: 'disabled' } }),
      store.apps.update(app, { settings: { includeAnnouncements: false } }),
      store.apps.update(app, { jabberDomain: 'chat.example' }),
    ]);
    const settings = { mode: 'disabled', includeAnnouncements: false };
    const expected = { ...anApp(1), name: 'new', jabberDomain: 'chat.example', settings };
    expect(await store.apps.get(app)).toEqual(expected);
  });

  test('a session that was signed out stays signed out, also after a restart, until it would have expired', async () => {
    const app = await openScenario(factory);
    await app.store.apps.endSession('one', now + 10, now);
    const ended = async () => Promise.all(['one', 'two'].map((id) => app.store.apps.hasEnded(id)));
    expect(await ended()).toEqual([true, false]);
    await app.reopen();
    expect(await ended()).toEqual([true, false]);
    await app.store.apps.endSession('two', now + 20, now + 10);
    expect(await ended()).toEqual([false, true]);
  });

  test('tokens are found by id, listed by app, and revoked only through their app', async () => {
    const { store, app } = await openScenario(factory);
    await store.apps.create(anApp(2));
    const [one, two, other] = [aToken(1, app), aToken(2, app), aToken(3, anApp(2).id)];
    for (const token of [one, two, other]) await store.apps.addToken(token);
    expect(plain(await store.apps.token(one.id))).toEqual(plain(one));
    expect(await store.apps.token(uuid(99))).toBeUndefined();
    const listed = await store.apps.tokens(app);
    expect(listed.map(plain)).toEqual([one, two].map(plain));
    expect(await store.apps.revokeToken(app, other.id)).toBe(false);
    expect(await store.apps.revokeToken(app, one.id)).toBe(true);
    expect(await store.apps.revokeToken(app, one.id)).toBe(false);
    expect(await store.apps.token(one.id)).toBeUndefined();
    expect(await store.apps.tokens(app)).toHaveLength(1);
    expect(plain(await store.apps.token(other.id))).toEqual(plain(other));
    expect(await store.apps.tokens(uuid(99))).toEqual([]);
  });

  test('a secret is the one that was there first, each under its name', async () => {
    const { store } = await openScenario(factory);
    const initial = Uint8Array.from([1, 2, 0, 255]);
    expect([...(await store.apps.secret('key', initial))]).toEqual([1, 2, 0, 255]);
    initial[0] = 9;
    expect([...(await store.apps.secret('key', Uint8Array.from([7])))]).toEqual([1, 2, 0, 255]);
    expect([...(await store.apps.secret('other', Uint8Array.from([7])))]).toEqual([7]);
  });

  test('a secret can be replaced, and a name that was replaced first is taken', async () => {
    const { store } = await openScenario(factory);
    await store.apps.secret('key', Uint8Array.from([1]));
    for (const name of ['key', 'other']) {
      await store.apps.replaceSecret(name, Uint8Array.from([2, 0]));
      expect([...(await store.apps.secret(name, Uint8Array.from([7])))]).toEqual([2, 0]);
    }
  });

  test('promise 8: the same ids in two apps are different things', async () => {
    const here = await openScenario(factory);
    const there = await here.anotherApp(2);
    const options = { id: uuid(77), distinct: true };
    for (const app of [here, there]) await app.conversation(['ann', 'bob'], options);
    await here.send(uuid(77), 'ann', { id: uuid(78) });
    expect([await here.unread('bob'), await there.unread('bob')]).toEqual([1, 0]);
    await there.send(uuid(77), 'bob', { id: uuid(78) });
    await there.read('ann', uuid(78));
    await here.announce('everyone', uuid(79));
    await here.external('bob', 5);
    await here.block('bob', 'ann');
    expect(await there.badge('bob')).toMatchObject({ unreadAnnouncementCount: 0, externalUnreadCount: 0 });
    expect(await there.store.ask(there.app, { type: 'blocks', user: 'bob' })).toEqual([]);
    expect([await here.unread('ann'), await here.unread('bob')]).toEqual([0, 1]);
    await there.do({ type: 'delete_conversation', conversation: uuid(77) });
    expect(await here.unread('bob')).toBe(1);
  });

  test('promise 8: what is in one app is unknown in another', async () => {
    const here = await openScenario(factory);
    const there = await here.anotherApp(2);
    const conversation = await here.conversation(['ann', 'bob']);
    const made = (await here.send(conversation, 'ann')).id;
    const chosen = (await here.send(conversation, 'ann', { id: uuid(78) })).id;
    const announcement = await here.announce(['bob']);
    const local = await there.conversation(['bob', 'ann'], { id: uuid(500) });
    expect(await there.store.ask(there.app, { type: 'conversation', conversation })).toBeUndefined();
    expect(
      await there.store.ask(there.app, { type: 'user_conversation', user: 'bob', conversation, now }),
    ).toBeUndefined();
    const unknown = { code: 'not_found' };
    for (const message of [made, chosen]) {
      expect(await there.refusal({ type: 'read_message', user: 'bob', message })).toEqual(unknown);
      expect(await there.refusal({ type: 'delete_message', message })).toEqual(unknown);
    }
    expect(await there.refusal({ type: 'read_announcement', user: 'bob', announcement })).toEqual(unknown);
    expect(await there.refusal({ type: 'delete_conversation', conversation })).toEqual(unknown);
    expect(await there.list('bob')).toEqual([local]);
    expect((await here.badge('bob')).unreadMessageCount).toBe(2);
  });

  test('promise 8: an id that one store made for one app is no message of another with the same course', async () => {
    const here = await openScenario(factory);
    const there = await here.anotherApp(2);
    for (const app of [here, there]) await app.conversation(['ann', 'bob'], { id: uuid(77) });
    const { id: message } = await here.send(uuid(77), 'ann');
    await there.send(uuid(77), 'ann');
    const refusal = await there.refusal({ type: 'read_message', user: 'bob', message });
    expect(refusal).toEqual({ code: 'not_found' });
    expect(await there.unread('bob')).toBe(1);
  });

  test('promise 6: deleting an app takes everything in it, and nothing of another', async () => {
    const app = await openScenario(factory);
    const other = await app.anotherApp(2);
    const token = aToken(1, app.app);
    await app.store.apps.addToken(token);
    for (const each of [app, other]) {
      await each.conversation(['ann', 'bob'], { id: uuid(77) });
      await each.send(uuid(77), 'ann', { id: uuid(78) });
      await each.announce('everyone', uuid(79));
      await each.external('bob', 5);
    }
    expect(await app.store.apps.delete(app.app)).toBe(true);
    expect(await app.store.apps.delete(app.app)).toBe(false);
    expect(await app.store.apps.get(app.app)).toBeUndefined();
    expect((await app.store.apps.list()).map((each) => each.id)).toEqual([other.app]);
    expect(await app.store.apps.token(token.id)).toBeUndefined();
    expect(await app.store.ask(app.app, { type: 'badge', user: 'bob', now })).toBeUndefined();
    const late = { type: 'read_message', user: 'bob', message: uuid(78) } as const;
    expect(await app.refusal(late)).toEqual({ code: 'not_found' });
    expect(await other.badge('bob')).toMatchObject({ unreadMessageCount: 1, externalUnreadCount: 5 });
  });

  test('an app that is created again after its deletion is empty', async () => {
    const app = await openScenario(factory);
    await app.conversation(['ann', 'bob'], { id: uuid(77) });
    await app.send(uuid(77), 'ann', { id: uuid(78) });
    await app.store.apps.delete(app.app);
    await app.store.apps.create(anApp(1));
    expect(await app.isKnown('bob')).toBe(false);
    expect(await app.store.ask(app.app, { type: 'conversation', conversation: uuid(77) })).toBeUndefined();
    await app.conversation(['ann', 'bob'], { id: uuid(77) });
    await app.send(uuid(77), 'ann', { id: uuid(78) });
    expect(await app.unread('bob')).toBe(1);
    expect(await app.store.apps.delete(app.app)).toBe(true);
    expect(await app.store.apps.list()).toEqual([]);
  });
}

/** A hash may come back as any kind of byte array. */
function plain(token: AppToken | undefined) {
  return token && { ...token, hash: [...token.hash] };
}
