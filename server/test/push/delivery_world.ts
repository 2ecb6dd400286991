/** A store, a dispatcher and a local provider together: what it takes to see a number reach a device. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { badge } from '@badged/core';
import { Dispatcher, type DispatcherSettings } from '../../src/push/dispatcher.js';
import { type Sender, senderOf } from '../../src/push/sender.js';
import type { Verdict } from '../../src/push/transport/verdict.js';
import type { PushTarget } from '../../src/push_target.js';
import type { Store } from '../../src/store/port.js';
import { sqliteUnderTest } from '../store/sqlite_under_test.js';
import { type ApnsRig, apnsRig } from './transport/rigs.js';

/** Everything that takes a while in production takes milliseconds here. */
export const quick: Partial<DispatcherSettings> = {
  coalesceMs: 30,
  sweepMs: 200,
  breaker: { concurrency: 50, failures: 10, misconfigurations: 3, firstRestMs: 50, longestRestMs: 200 },
  lane: { firstRetryMs: 20, longestRetryMs: 200, confirmMs: 1_500, unregisterAttempts: 5 },
};

export interface DeliveryWorld {
  readonly store: Store;
  readonly app: string;
  readonly apns: ApnsRig;
  readonly verdicts: Verdict[];
  dispatcher: Dispatcher;
  /** The device as APNs knows it. */
  register(user: string, device: string): Promise<string>;
  conversation(participants: readonly string[]): Promise<string>;
  send(conversation: string, user: string, notification?: object): Promise<string>;
  badgeOf(user: string): Promise<number | null>;
  close(): Promise<void>;
}

export async function deliveryWorld(settings: Partial<DispatcherSettings> = {}): Promise<DeliveryWorld> {
  const { store, dispose } = await sqliteUnderTest();
  const apns = await apnsRig({ limits: { requestTimeoutMs: 400 } });
  const app = randomUUID();
  const verdicts: Verdict[] = [];
  await store.apps.create({
    id: app,
    name: 'test',
    settings: { mode: 'unread_messages', includeAnnouncements: false },
    jabberDomain: 'test.badged',
    createdAt: 1,
  });
  const dispatcher = newDispatcher(store, apns, verdicts, settings);
  dispatcher.start();
  const world: DeliveryWorld = {
    store,
    app,
    apns,
    verdicts,
    dispatcher,
    async register(user, id) {
      const target = apns.newDevice();
      await store.push.register(app, { id, user, target }, { devicesPerUser: 25, now: Date.now() });
      const device = await store.push.device(app, id);
      if (device !== undefined) world.dispatcher.deviceChanged(app, device);
      return target.token;
    },
    async conversation(participants) {
      const id = randomUUID();
      const command = {
        type: 'create_conversation',
        id,
        participants,
        distinct: false,
        metadata: null,
        at: 1,
      } as const;
      await store.execute<'create_conversation'>(app, command);
      return id;
    },
    async send(conversation, userId, notification) {
      const alert = notification && {
        notification: JSON.stringify(notification),
        expiresAt: Date.now() + 60_000,
      };
      const command = {
        type: 'send_message',
        conversation,
        sender: { userId },
        mentions: [],
        silent: false,
        at: 1,
      } as const;
      const outcome = await store.execute<'send_message'>(app, command, alert);
      return outcome.value?.id ?? '';
    },
    async badgeOf(user) {
      const counts = await store.ask(app, { type: 'badge', user, now: Date.now() });
      return counts === undefined ? null : badge(counts, counts.settings);
    },
    async close() {
      await world.dispatcher.close();
      await apns.close();
      await dispose();
    },
  };
  return world;
}

export function newDispatcher(
  store: Store,
  apns: ApnsRig,
  verdicts: Verdict[],
  settings: Partial<DispatcherSettings> = {},
): Dispatcher {
  const isApns = (target: PushTarget) => target.platform === 'apns';
  return new Dispatcher({
    store,
    openSender: async (): Promise<Sender> => ({
      ...senderOf(apns.transport, isApns),
      // The rig's transport outlives a dispatcher that is closed to play dead.
      close: async () => {},
    }),
    now: Date.now,
    settings: { ...quick, ...settings },
    onOutcome: (_platform, verdict) => verdicts.push(verdict),
    onError: (error) => {
      throw error;
    },
  });
}

/** Waits until it holds, and says what was the case if it never does. */
export async function eventually(check: () => Promise<void> | void, withinMs = 5_000): Promise<void> {
  const end = Date.now() + withinMs;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > end) throw error;
    }
    await delay(20);
  }
}
