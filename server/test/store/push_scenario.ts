/** The words in which the conformance suite speaks of push delivery: devices, alerts, and the changes that are emitted. */
import type { Command, CommandType, Outcome } from '@badged/core';
import { expect, onTestFinished, vi } from 'vitest';
import type { ApnsTarget, PushTarget, WebPushTarget } from '../../src/push_target.js';
import type {
  AlertContent,
  Audience,
  Change,
  Claim,
  Device,
  DeviceState,
  OutboxAlert,
  Settlement,
  WantedPush,
} from '../../src/store/push_port.js';
import { now, openScenario, type Scenario } from './scenario.js';
import type { StoreFactory } from './store_under_test.js';

export const minute = 60_000;

export function apns(token: string, more: Partial<ApnsTarget> = {}): ApnsTarget {
  return { platform: 'apns', token, bundleId: 'example.chat', environment: 'production', ...more };
}

export function fcm(token: string): PushTarget {
  return { platform: 'fcm', token };
}

export function webPush(name: string, keys = { p256dh: 'BNc', auth: 'tBH' }): WebPushTarget {
  return { platform: 'webpush', endpoint: `https://push.example/${name}`, keys };
}

export function content(text: string, expiresAt = now + 60 * minute): AlertContent {
  return { notification: JSON.stringify({ text }), expiresAt };
}

export async function openPush(factory: StoreFactory): Promise<Push> {
  return new Push(await openScenario(factory));
}

/** One app's devices and alerts. */
export class Push {
  readonly app: Scenario;

  constructor(app: Scenario) {
    this.app = app;
  }

  get store() {
    return this.app.store.push;
  }

  async anotherApp(number: number): Promise<Push> {
    return new Push(await this.app.anotherApp(number));
  }

  /** Its token is its own unless a target is given. */
  async register(
    user: string,
    id: string,
    { target = apns(`token of ${id}`), at = now, limit = 25 } = {} as {
      target?: PushTarget;
      at?: number;
      limit?: number;
    },
  ): Promise<void> {
    await this.store.register(this.app.app, { id, user, target }, { devicesPerUser: limit, now: at });
  }

  /** Whether the user had such a device. */
  async unregister(user: string, id: string): Promise<boolean> {
    return (await this.store.unregister(this.app.app, user, id)) !== undefined;
  }

  async device(id: string): Promise<Device> {
    const device = await this.store.device(this.app.app, id);
    if (!device) throw new Error(`there is no device ${id}`);
    return device;
  }

  /** The ids of the user's devices, as they are listed. */
  async listed(user: string): Promise<string[]> {
    return (await this.store.devices(this.app.app, [user], now)).map((each) => each.id);
  }

  /** Every device of the app, some at a time. */
  async walked(atOnce = 2): Promise<string[]> {
    const ids: string[] = [];
    for (;;) {
      const more = await this.store.devicesAfter(this.app.app, ids.at(-1) ?? '', atOnce, now);
      if (more.length === 0) return ids;
      expect(more.length).toBeLessThanOrEqual(atOnce);
      ids.push(...more.map((each) => each.id));
    }
  }

  /** A push of the number, and of an alert for the device's user if there is to be one. */
  async wanted(id: string, more: Partial<WantedPush> = {}): Promise<WantedPush> {
    const device = await this.store.device(this.app.app, id);
    const platform = device?.target.platform ?? 'apns';
    return { device: id, platform, takesBadgeAlone: true, ...more };
  }

  /** Claims each device for its number alone, unless said otherwise. */
  async claimDevices(
    ids: readonly string[],
    more: Partial<WantedPush> = {},
    at = now,
  ): Promise<readonly Claim[]> {
    const wanted = await Promise.all(ids.map((id) => this.wanted(id, more)));
    return this.store.claimDevices(this.app.app, wanted, { now: at, until: at + minute });
  }

  /** Claims each device for an alert to its user. The ids of those that are ours until then. */
  async claim(ids: readonly string[], at = now, until = at + minute): Promise<string[]> {
    const owners = await Promise.all(ids.map((id) => this.store.device(this.app.app, id)));
    const wanted = await Promise.all(
      ids.map((id, index) => {
        const user = owners[index]?.user;
        return this.wanted(id, user === undefined ? {} : { alertFor: user });
      }),
    );
    const claims = await this.store.claimDevices(this.app.app, wanted, { now: at, until });
    return claims.flatMap((each) => (each.kind === 'claimed' ? [each.device.id] : [])).sort();
  }

  settle(settlements: readonly Settlement[], at = now): Promise<readonly DeviceState[]> {
    return this.store.settle(this.app.app, settlements, at);
  }

  /** A push that is sent and accepted. */
  async accept(device: string, accepted: number, at = now): Promise<void> {
    expect(await this.claim([device], at)).toEqual([device]);
    await this.settle([{ device, accepted }], at);
  }

  forget(id: string, since: number): Promise<boolean> {
    return this.store.forget(this.app.app, id, since);
  }

  /** In ascending order. */
  async audience(audience: Audience, at = now): Promise<string[]> {
    return [...(await this.store.recipients(this.app.app, audience, at))].sort();
  }

  enqueue(id: string, users: readonly string[] = ['bob'], alert = content(id)): Promise<boolean> {
    return this.store.enqueue(this.app.app, { id, users, content: alert });
  }

  claimAlerts(limit = 100, at = now, until = at + minute): Promise<readonly OutboxAlert[]> {
    return this.store.claimAlerts(this.app.app, limit, { now: at, until });
  }

  /** The texts of those that are claimed. */
  async claimTexts(limit = 100, at = now, until = at + minute): Promise<string[]> {
    return (await this.claimAlerts(limit, at, until)).map(
      (each) => JSON.parse(each.content.notification).text,
    );
  }

  async complete({ id }: OutboxAlert, at = now): Promise<void> {
    await this.store.completeAlert(this.app.app, id, at);
  }

  depth(): Promise<number> {
    return this.store.depth(this.app.app);
  }

  /** Carries out a command that comes with an alert. */
  executeWith<T extends CommandType>(alert: AlertContent, command: Command<T>): Promise<Outcome<T>> {
    return this.app.store.execute(this.app.app, command, alert);
  }

  async listen(): Promise<Heard> {
    await this.app.external('marker', 0);
    return new Heard(this.app);
  }
}

/** The alert that there is to claim; there is to be no other. */
export function only(alerts: readonly OutboxAlert[]): OutboxAlert {
  const [alert, ...more] = alerts;
  if (!alert || more.length > 0) throw new Error(`${alerts.length} alerts were claimed`);
  return alert;
}

/** The changes that a store emits. Late ones are waited for; that none comes is shown by a change after it. */
class Heard {
  readonly #app: Scenario;
  readonly #changes: Change[] = [];
  readonly end: () => void;
  #markers = 0;

  constructor(app: Scenario) {
    this.#app = app;
    this.end = app.store.subscribe((change) => this.#changes.push(change));
    onTestFinished(this.end);
  }

  /** Everything told since the last time, once all of it was told. */
  async changes(): Promise<Change[]> {
    this.#markers += 1;
    const isMarker = ({ audience }: Change) =>
      audience.kind === 'users' && audience.users.join() === 'marker';
    await this.#app.external('marker', this.#markers);
    await vi.waitFor(() => expect(this.#changes.some(isMarker)).toBe(true), { timeout: 10_000 });
    return this.#changes.splice(0).filter((change) => !isMarker(change));
  }

  /** Of these users, those whose badge may have changed, as it was told since the last time. */
  async users(some: readonly string[]): Promise<string[]> {
    const told = new Set<string>();
    for (const { app, audience } of await this.changes()) {
      for (const user of await this.#app.store.ask(app, {
        type: 'recipients',
        audience,
        users: new Set(some),
        now,
      }))
        told.add(user);
    }
    return [...told].sort();
  }
}
