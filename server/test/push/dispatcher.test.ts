/** Promise 7, piece by piece: against a real store and a real local APNs. */
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type DeliveryWorld, deliveryWorld, eventually, newDispatcher } from './delivery_world.js';

async function world(settings: Parameters<typeof deliveryWorld>[0] = {}): Promise<DeliveryWorld> {
  const made = await deliveryWorld(settings);
  onTestFinished(() => made.close());
  return made;
}

const hello = { title: 'Ann', text: 'Hello' };

describe('a push for a message', () => {
  test('rings at everybody but the sender, with the badge of whoever it goes to', async () => {
    const { apns, ...w } = await world();
    const [ann, bob, cid] = [
      await w.register('ann', 'a'),
      await w.register('bob', 'b'),
      await w.register('cid', 'c'),
    ];
    const both = await w.conversation(['ann', 'bob']);
    const all = await w.conversation(['ann', 'bob', 'cid']);
    await w.send(both, 'ann');
    await w.send(all, 'ann', hello);
    await eventually(() => {
      const alerts = (token: string) =>
        apns.production.accepted.of(token).filter(({ payload }) => payload.includes('Hello'));
      expect([alerts(ann).length, alerts(bob).length, alerts(cid).length]).toEqual([0, 1, 1]);
      expect(alerts(bob)[0]?.badge).toBe(2);
      expect(alerts(cid)[0]?.badge).toBe(1);
    });
  });

  test('is not sent for what was read, blocked or muted meanwhile, nor repeated for a message sent twice', async () => {
    const { apns, store, app, ...w } = await world();
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
    const alert = { notification: JSON.stringify(hello), expiresAt: Date.now() + 60_000 };
    for (let n = 0; n < 3; n += 1) await store.execute<'send_message'>(app, command, alert);
    await eventually(async () => expect(await store.push.depth(app)).toBe(0));
    const rings = tokens.map(
      (token) => apns.production.accepted.of(token).filter(({ payload }) => payload.includes('Hello')).length,
    );
    expect(rings).toEqual([0, 0, 1]);
  });

  test('goes on after a crash: what was not delivered is, and the number is right', async () => {
    const { apns, store, app, ...w } = await world({ alertClaimMs: 200 });
    const tokens = await Promise.all(
      Array.from({ length: 30 }, (_, n) => w.register(`user${n}`, `device${n}`)),
    );
    await eventually(() => expect(apns.production.accepted.total).toBe(30));
    const chat = await w.conversation(['ann', ...tokens.map((_, n) => `user${n}`)]);
    apns.production.script.decide = () => ({
      answer: { status: 503, body: '{"reason":"ServiceUnavailable"}' },
    });
    await w.send(chat, 'ann', hello);
    await delay(100);
    await w.dispatcher.close();
    apns.production.script.clear();
    const next = newDispatcher(store, apns, w.verdicts);
    onTestFinished(() => next.close());
    next.start();
    await eventually(() => {
      for (const token of tokens) {
        const alerts = apns.production.accepted.of(token).filter(({ payload }) => payload.includes('Hello'));
        expect(alerts.length).toBeGreaterThanOrEqual(1);
        expect(apns.production.accepted.badge(token)).toBe(1);
      }
    });
    await eventually(async () => expect(await store.push.depth(app)).toBe(0));
  });
});

describe('a badge that changed without an alert', () => {
  test('reading on one device corrects the other; fifty receipts in a row are a handful of pushes', async () => {
    const { apns, store, app, ...w } = await world({ coalesceMs: 250 });
    const phone = await w.register('bob', 'phone');
    const chat = await w.conversation(['ann', 'bob']);
    const messages: string[] = [];
    for (let n = 0; n < 50; n += 1) messages.push(await w.send(chat, 'ann'));
    await eventually(() => expect(apns.production.accepted.badge(phone)).toBe(50));
    const before = apns.production.accepted.total;
    for (const message of messages)
      await store.execute<'read_message'>(app, { type: 'read_message', user: 'bob', message });
    await eventually(() => expect(apns.production.accepted.badge(phone)).toBe(0), 1_000);
    expect(apns.production.accepted.total - before).toBeLessThan(10);
    const last = apns.production.accepted.of(phone).at(-1);
    expect(last?.payload).toBe('{"aps":{"badge":0}}');
    expect(last?.headers['apns-push-type']).toBe('alert');
  });

  test('every kind of change reaches the icon: external counts, deletion, mute, mode, leaving', async () => {
    const { apns, store, app, ...w } = await world();
    const phone = await w.register('bob', 'phone');
    const chat = await w.conversation(['ann', 'bob']);
    const shows = (number: number) =>
      eventually(() => expect(apns.production.accepted.badge(phone)).toBe(number));
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
      mutedUntil: Date.now() + 400,
    } as const;
    await store.execute<'set_notifications'>(app, muted);
    await shows(5);
    await shows(6);
    await store.execute<'delete_conversation'>(app, { type: 'delete_conversation', conversation: chat });
    await shows(5);
  });

  test('disabled is not 0: no push carries a badge, and the device keeps what it has', async () => {
    const { apns, store, app, ...w } = await world();
    const phone = await w.register('bob', 'phone');
    const chat = await w.conversation(['ann', 'bob']);
    await w.send(chat, 'ann');
    await eventually(() => expect(apns.production.accepted.badge(phone)).toBe(1));
    await store.apps.update(app, { settings: { mode: 'disabled' } });
    const before = apns.production.accepted.total;
    await w.send(chat, 'ann', hello);
    await eventually(() => expect(apns.production.accepted.total).toBe(before + 1));
    await delay(300);
    expect(apns.production.accepted.total).toBe(before + 1);
    const last = apns.production.accepted.of(phone).at(-1);
    expect(last?.payload).toContain('Hello');
    expect(last?.payload).not.toContain('badge');
    expect(apns.production.accepted.badge(phone)).toBe(1);
  });
});

describe('devices that come and go', () => {
  test('the last badge does not stay after unregistering: the device is sent 0, then forgotten', async () => {
    const { apns, store, app, ...w } = await world();
    const phone = await w.register('bob', 'phone');
    await w.send(await w.conversation(['ann', 'bob']), 'ann');
    await eventually(() => expect(apns.production.accepted.badge(phone)).toBe(1));
    await store.push.unregister(app, 'bob', 'phone');
    await eventually(async () => {
      expect(apns.production.accepted.badge(phone)).toBe(0);
      expect(await store.push.device(app, 'phone')).toBeUndefined();
    });
  });

  test('410 drops the device, unless it registered later', async () => {
    const { apns, store, app, ...w } = await world();
    const gone = await w.register('bob', 'gone');
    const back = await w.register('bob', 'back');
    await eventually(() => expect(apns.production.accepted.total).toBe(2));
    apns.production.unregister(gone, Date.now() + 1_000);
    apns.production.unregister(back, Date.now() - 60_000);
    await w.send(await w.conversation(['ann', 'bob']), 'ann');
    await eventually(async () => expect(await store.push.device(app, 'gone')).toBeUndefined());
    expect(await store.push.device(app, 'back')).toBeDefined();
  });

  test('a token of the other environment is tried there once, and remembered', async () => {
    const { apns, store, app, ...w } = await world();
    const token = await w.register('bob', 'phone');
    await eventually(() => expect(apns.production.accepted.total).toBe(1));
    apns.production.disown(token);
    const chat = await w.conversation(['ann', 'bob']);
    await w.send(chat, 'ann');
    await eventually(async () => {
      expect(apns.development.accepted.badge(token)).toBe(1);
      expect((await store.push.device(app, 'phone'))?.target).toMatchObject({ environment: 'development' });
    });
  });

  test('wrong credentials pause the transport and drop nobody; when they are mended, everything arrives', async () => {
    const { apns, store, app, ...w } = await world();
    const tokens = await Promise.all(['ann', 'bob', 'cid'].map((user) => w.register(user, user)));
    await eventually(() => expect(apns.production.accepted.total).toBe(3));
    apns.production.script.decide = () => ({
      answer: { status: 403, body: '{"reason":"InvalidProviderToken"}' },
    });
    const chat = await w.conversation(['dee', 'ann', 'bob', 'cid']);
    await w.send(chat, 'dee');
    await eventually(() =>
      expect(w.dispatcher.resting).toMatchObject([{ app, platform: 'apns', kind: 'misconfigured' }]),
    );
    apns.production.script.clear();
    await w.dispatcher.credentialsChanged(app, 'apns');
    await eventually(() => {
      expect(w.dispatcher.resting).toEqual([]);
      expect(tokens.map((token) => apns.production.accepted.badge(token))).toEqual([1, 1, 1]);
    });
    expect(await store.push.devicesAfter(app, '', 10)).toHaveLength(3);
  });
});
