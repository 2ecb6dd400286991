/** Promise 7, piece by piece: against a real store and a real local APNs. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { DeliveryWorld, eventually, type WorldSettings } from './delivery_world.js';

async function world(settings: WorldSettings['dispatcher'] = {}): Promise<DeliveryWorld> {
  const made = await DeliveryWorld.open({ dispatcher: settings });
  onTestFinished(() => made.close());
  return made;
}

const hello = { title: 'Ann', text: 'Hello' };
const unavailable = { reply: { status: 503, body: '{"reason":"ServiceUnavailable"}' } };

describe('a push for a message', () => {
  test('rings for all but the sender, with the badge of the user it goes to', async () => {
    const w = await world();
    const [ann, bob, cid] = [
      await w.register('ann', 'a'),
      await w.register('bob', 'b'),
      await w.register('cid', 'c'),
    ];
    const both = await w.conversation(['ann', 'bob']);
    const all = await w.conversation(['ann', 'bob', 'cid']);
    await w.send(both, 'ann');
    await w.send(all, 'ann', hello);
    await w.settle();
    const alerts = (token: string) =>
      w.apns.production.accepted.of(token).filter(({ payload }) => payload.includes('Hello'));
    expect([alerts(ann).length, alerts(bob).length, alerts(cid).length]).toEqual([0, 1, 1]);
    expect(alerts(bob)[0]?.badge).toBe(2);
    expect(alerts(cid)[0]?.badge).toBe(1);
  });

  test('is not sent for what was blocked or muted, nor twice for a message sent twice', async () => {
    const w = await world();
    const { store, app } = w;
    const tokens = await Promise.all(['bob', 'cid', 'dee'].map((user) => w.register(user, user)));
    const chat = await w.conversation(['ann', 'bob', 'cid', 'dee']);
    await store.execute<'change_blocks'>(app, {
      type: 'change_blocks',
      owner: 'bob',
      operations: [{ operation: 'add', user: 'ann' }],
    });
    const mute = {
      type: 'set_notifications',
      user: 'cid',
      conversation: chat,
      level: 'none',
      mutedUntil: null,
    } as const;
    await store.execute<'set_notifications'>(app, mute);
    const command = {
      type: 'send_message',
      conversation: chat,
      sender: { userId: 'ann' },
      mentions: [],
      silent: false,
      at: 1,
      identity: { id: '00000000-0000-4000-8000-00000000000a' },
    } as const;
    const alert = { notification: JSON.stringify(hello), expiresAt: w.now() + 60_000 };
    for (let n = 0; n < 3; n += 1) await store.execute<'send_message'>(app, command, alert);
    await w.settle();
    expect(await store.push.depth(app)).toBe(0);
    expect(tokens.map((token) => w.rings(token, 'Hello'))).toEqual([0, 0, 1]);
  });

  test('is not sent for what was read before it was sent', async () => {
    const w = await world();
    const token = await w.register('bob', 'phone');
    await w.settle();
    w.apns.production.script.decide = () => unavailable;
    const message = await w.send(await w.conversation(['ann', 'bob']), 'ann', hello);
    await w.dispatcher.settled();
    expect(w.verdicts.map(({ kind }) => kind)).toContain('retry');
    await w.dispatcher.close();
    await w.store.execute<'read_message'>(w.app, { type: 'read_message', user: 'bob', message });
    w.apns.production.script.clear();
    await w.restart();
    await w.pass(1_000_000);
    expect(await w.store.push.depth(w.app)).toBe(0);
    expect([w.rings(token, 'Hello'), w.numbers(token).at(-1)]).toEqual([0, 0]);
  });

  test('goes on after a crash: what was not delivered is, and the number is right', async () => {
    const w = await world({ alertClaimMs: 200 });
    const users = Array.from({ length: 30 }, (_, n) => `user${n}`);
    const tokens = await Promise.all(users.map((user) => w.register(user, `device of ${user}`)));
    await w.settle();
    const chat = await w.conversation(['ann', ...users]);
    w.apns.production.script.decide = () => unavailable;
    await w.send(chat, 'ann', hello);
    await w.settle();
    expect(w.verdicts.map(({ kind }) => kind)).toContain('retry');
    w.apns.production.script.clear();
    await w.restart();
    await w.pass(3_000);
    expect(tokens.map((token) => w.rings(token, 'Hello'))).toEqual(tokens.map(() => 1));
    expect(tokens.map((token) => w.numbers(token).at(-1))).toEqual(tokens.map(() => 1));
    expect(await w.store.push.depth(w.app)).toBe(0);
  });
});

describe('a badge that changed without an alert', () => {
  test('reading on one device corrects the other; fifty receipts in a row are one push', async () => {
    const w = await world({ coalesceMs: 250, sweepMs: 60_000 });
    const phone = await w.register('bob', 'phone');
    const chat = await w.conversation(['ann', 'bob']);
    const messages: string[] = [];
    for (let n = 0; n < 50; n += 1) messages.push(await w.send(chat, 'ann'));
    await w.settle();
    expect(w.numbers(phone).at(-1)).toBe(50);
    const before = w.numbers(phone).length;
    for (const message of messages)
      await w.store.execute<'read_message'>(w.app, { type: 'read_message', user: 'bob', message });
    await w.settle();
    expect(w.numbers(phone).slice(before)).toEqual([0]);
    const last = w.apns.production.accepted.of(phone).at(-1);
    expect(last?.payload).toBe('{"aps":{"badge":0}}');
    expect(last?.headers['apns-push-type']).toBe('alert');
  });

  test('a number that changes while its push is in flight is sent with what changes next, and not at once', async () => {
    const w = await world({ coalesceMs: 250, sweepMs: 60_000 });
    const phone = await w.register('bob', 'phone');
    await w.settle();
    const set = (count: number) =>
      w.store.execute<'set_external'>(w.app, {
        type: 'set_external',
        counts: [{ user: 'bob', name: '', count }],
      });
    w.apns.production.script.add({ hold: 'request' });
    await set(1);
    void w.clock.advance(250);
    await eventually(() => expect(w.apns.production.script.held).toBe(1));
    await set(2);
    w.apns.production.script.release();
    await w.dispatcher.settled();
    expect(w.numbers(phone)).toEqual([0, 1]);
    await set(3);
    await w.pass(1_000);
    expect(w.numbers(phone)).toEqual([0, 1, 3]);
  });

  test('every kind of change reaches the icon: external counts, deletion, mute, mode, leaving', async () => {
    const w = await world();
    const { store, app } = w;
    const phone = await w.register('bob', 'phone');
    const chat = await w.conversation(['ann', 'bob']);
    const shows = async (number: number) => {
      await w.pass(100);
      expect(w.numbers(phone).at(-1)).toBe(number);
    };
    const message = await w.send(chat, 'ann');
    await w.send(chat, 'ann');
    await shows(2);
    await store.execute<'set_external'>(app, {
      type: 'set_external',
      counts: [{ user: 'bob', name: '', count: 5 }],
    });
    await shows(7);
    await store.execute<'delete_message'>(app, { type: 'delete_message', message });
    await shows(6);
    await store.apps.update(app, { settings: { mode: 'unread_conversations' } });
    await store.apps.update(app, { settings: { mode: 'external' } });
    await shows(5);
    await store.apps.update(app, { settings: { mode: 'unread_messages' } });
    await shows(6);
    const muted = {
      type: 'set_notifications',
      user: 'bob',
      conversation: chat,
      level: 'all',
      mutedUntil: w.now() + 400,
    } as const;
    await store.execute<'set_notifications'>(app, muted);
    await shows(5);
    // The end of a mute is no event: the next sweep finds it.
    await w.pass(600);
    await shows(6);
    await store.execute<'delete_conversation'>(app, { type: 'delete_conversation', conversation: chat });
    await shows(5);
  });

  test('disabled is not 0: no push carries a badge, and the device keeps what it has', async () => {
    const w = await world();
    const phone = await w.register('bob', 'phone');
    const chat = await w.conversation(['ann', 'bob']);
    await w.send(chat, 'ann');
    await w.settle();
    expect(w.numbers(phone).at(-1)).toBe(1);
    await w.store.apps.update(w.app, { settings: { mode: 'disabled' } });
    const before = w.numbers(phone).length;
    await w.send(chat, 'ann', hello);
    await w.pass(10_000);
    expect(w.numbers(phone).slice(before)).toEqual([null]);
    const last = w.apns.production.accepted.of(phone).at(-1);
    expect(last?.payload).toContain('Hello');
    expect(last?.payload).not.toContain('badge');
    expect(w.apns.production.accepted.badge(phone)).toBe(1);
  });
});

describe('devices that come and go', () => {
  test('the last badge does not stay after unregistering: the device is sent 0, then forgotten', async () => {
    const w = await world();
    const phone = await w.register('bob', 'phone');
    await w.send(await w.conversation(['ann', 'bob']), 'ann');
    await w.settle();
    expect(w.numbers(phone).at(-1)).toBe(1);
    await w.store.push.unregister(w.app, 'bob', 'phone');
    await w.settle();
    expect(w.numbers(phone).at(-1)).toBe(0);
    expect(await w.store.push.device(w.app, 'phone')).toBeUndefined();
  });

  test('410 drops the device, unless it registered later', async () => {
    const w = await world();
    const gone = await w.register('bob', 'gone');
    const back = await w.register('bob', 'back');
    await w.settle();
    w.apns.production.unregister(gone, w.now() + 1_000);
    w.apns.production.unregister(back, w.now() - 60_000);
    await w.send(await w.conversation(['ann', 'bob']), 'ann');
    await w.settle();
    expect(await w.store.push.device(w.app, 'gone')).toBeUndefined();
    expect(await w.store.push.device(w.app, 'back')).toBeDefined();
  });

  test('a token of the other environment is tried there once, and remembered', async () => {
    const w = await world();
    const token = await w.register('bob', 'phone');
    await w.settle();
    w.apns.production.disown(token);
    await w.send(await w.conversation(['ann', 'bob']), 'ann');
    await w.settle();
    expect(w.apns.development.accepted.badge(token)).toBe(1);
    const device = await w.store.push.device(w.app, 'phone');
    expect(device?.target).toMatchObject({ environment: 'development' });
  });

  test('wrong credentials pause the transport and drop no device; when they are mended, everything arrives', async () => {
    const w = await world();
    const tokens = await Promise.all(['ann', 'bob', 'cid'].map((user) => w.register(user, user)));
    await w.settle();
    w.apns.production.script.decide = () => ({
      reply: { status: 403, body: '{"reason":"InvalidProviderToken"}' },
    });
    await w.send(await w.conversation(['dee', 'ann', 'bob', 'cid']), 'dee');
    await w.settle();
    expect(w.dispatcher.paused).toMatchObject([{ app: w.app, platform: 'apns', kind: 'misconfigured' }]);
    w.apns.production.script.clear();
    await w.dispatcher.credentialsChanged(w.app, 'apns');
    await w.settle();
    expect(w.dispatcher.paused).toEqual([]);
    expect(tokens.map((token) => w.numbers(token).at(-1))).toEqual([1, 1, 1]);
    expect(await w.store.push.devicesAfter(w.app, '', 10, w.now())).toHaveLength(3);
  });
});
