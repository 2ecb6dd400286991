/** Push delivery of one app, in the reference and in a store: the same steps, and what is there after each. */
import type { PushTarget } from '../../../src/push_target.js';
import type { Store } from '../../../src/store/port.js';
import type {
  AlertContent,
  Audience,
  Claim,
  Device,
  OutboxAlert,
  Settlement,
  WantedPush,
} from '../../../src/store/push_port.js';
import { now } from '../scenario.js';
import { announcements, conversations, stepMs, users } from './cast.js';
import { difference } from './difference.js';
import { devicesPerUser, type PlannedPush, type PlannedSettlement, type PushCommand } from './push_steps.js';
import { together } from './together.js';

type Both = readonly [reference: Store, store: Store];

/** It never expires in a run, so that an id that was used stays used. */
export const alertContent: AlertContent = { notification: '{"text":"hello"}', expiresAt: now * 2 };

/** Asked about without devices; one audience in four is asked about with those that there are. */
const everyUser = new Set<string>([...users, 'never named']);

interface Reads {
  readonly at: number;
  readonly step: number;
  readonly isTurn: (index: number) => boolean;
}

export class PushComparison {
  readonly #app: string;
  readonly #stores: () => Both;
  /** The ids of each alert that was claimed, as each of the two calls it. */
  #alerts: (readonly [number, number])[] = [];
  /** How much later it is for push delivery. */
  #lead = 0;
  #reopened = 0;

  constructor(app: string, stores: () => Both) {
    this.#app = app;
    this.#stores = stores;
  }

  forget(): void {
    this.#alerts = [];
  }

  /** Whether claims still hold after a store was opened again is left to it: by then, all have run out. */
  outlastClaims(): void {
    this.#lead += 100 * stepMs;
  }

  /** A sentence about what differs; undefined if nothing does. `reopened` says how often the store was opened again. */
  async take(command: PushCommand, at: number, reopened = this.#reopened): Promise<string | undefined> {
    if (reopened !== this.#reopened) this.outlastClaims();
    this.#reopened = reopened;
    const time = at + this.#lead;
    const [expected, found] = await this.#carryOut(command, time);
    if (command.type === 'claim_alerts') this.#pair(expected, found);
    return difference(comparable(expected), comparable(found), new Map());
  }

  /** `isTurn` says which reads of a list to compare. */
  async compare(at: number, step: number, isTurn: (index: number) => boolean): Promise<string | undefined> {
    const [expected, found] = await this.#both((store) => this.#answers(store, { at, step, isTurn }));
    return difference(expected, found, new Map());
  }

  async #carryOut(command: PushCommand, at: number): Promise<readonly [unknown, unknown]> {
    const app = this.#app;
    switch (command.type) {
      case 'register': {
        const { id, user, target, movesByTargetOnly = false } = command;
        const options = { devicesPerUser, now: at, movesByTargetOnly };
        return this.#both(({ push }) => push.register(app, { id, user, target }, options));
      }
      case 'unregister':
        return this.#both(({ push }) => push.unregister(app, command.user, command.id));
      case 'claim_devices': {
        const time = { now: at, until: at + command.steps * stepMs };
        const known = await this.#devices();
        const wanted = command.pushes.map((each) => wantedPush(each, known));
        return this.#both(({ push }) => push.claimDevices(app, wanted, time));
      }
      case 'settle': {
        const known = await this.#devices();
        const settle = (each: PlannedSettlement, index: 0 | 1) => this.#settlement(each, index, known);
        return this.#both(({ push }, index) =>
          push.settle(
            app,
            command.settlements.map((each) => settle(each, index)),
            at,
          ),
        );
      }
      case 'forget':
        return this.#both(({ push }) => push.forget(app, command.id, at - command.stepsAgo * stepMs));
      case 'enqueue': {
        const { id, users: recipients } = command;
        return this.#both(({ push }) => push.enqueue(app, { id, users: recipients, content: alertContent }));
      }
      case 'claim_alerts': {
        const claim = { now: at, until: at + command.steps * stepMs };
        return this.#both(({ push }) => push.claimAlerts(app, command.limit, claim));
      }
      case 'complete': {
        const ids = this.#numbered(command.alert);
        if (!ids) return [undefined, undefined];
        return this.#both(({ push }, index) => push.completeAlert(app, ids[index], at));
      }
      case 'credentials': {
        const sealed = command.sealed === null ? undefined : Uint8Array.from([command.sealed]);
        return this.#both(async ({ push }) => {
          await push.setCredentials(app, command.platform, sealed);
          const kept = await push.credentials(app, command.platform);
          return kept && [...kept];
        });
      }
    }
  }

  #settlement(
    { device: id, accepted, alert, isElsewhere, registration }: PlannedSettlement,
    index: 0 | 1,
    known: ReadonlyMap<string, Device>,
  ): Settlement {
    const ids = alert === null ? undefined : this.#numbered(alert);
    const device = known.get(id);
    const registeredAt = (device?.registeredAt ?? now) - (registration === 'earlier' ? 1 : 0);
    return {
      device: id,
      accepted,
      ...(registration && { registeredAt }),
      ...(ids && { alert: ids[index] }),
      ...(isElsewhere && device?.target.platform === 'apns' && { target: elsewhere(device.target) }),
    };
  }

  async #devices(): Promise<ReadonlyMap<string, Device>> {
    const devices = await this.#stores()[0].push.devicesAfter(this.#app, '', 100, now);
    return new Map(devices.map((each) => [each.id, each]));
  }

  #pair(expected: unknown, found: unknown): void {
    if (!isAlerts(expected) || !isAlerts(found)) return;
    for (const [index, { id }] of expected.entries()) {
      const other = found[index]?.id;
      if (other === undefined || this.#alerts.some(([known]) => known === id)) continue;
      this.#alerts.push([id, other]);
    }
  }

  #numbered(number: number): readonly [number, number] | undefined {
    return this.#alerts[number % this.#alerts.length];
  }

  async #answers(store: Store, { at, step, isTurn }: Reads) {
    const { push } = store;
    const app = this.#app;
    const recipients = async (
      audience: Audience,
      index: number,
    ): Promise<readonly [string, readonly string[]]> => {
      const found =
        (step + index) % 4 === 0
          ? push.recipients(app, audience, at)
          : store.ask(app, { type: 'recipients', audience, users: everyUser, now: at });
      return [JSON.stringify(audience), [...(await found)].sort()];
    };
    const { listed, audiences, ...rest } = await together({
      devices: isTurn(0) ? push.devicesAfter(app, '', 100, at) : undefined,
      listed: isTurn(1) ? push.devices(app, ['bob', step % 2 === 0 ? 'ann' : 'zoe'], at) : [],
      depth: isTurn(2) ? push.depth(app) : undefined,
      audiences: Promise.all(
        audiencesAt(step).flatMap((each, index) => (isTurn(index) ? [recipients(each, index)] : [])),
      ),
    });
    return { ...rest, listed: listed.map(({ id }) => id), audiences: Object.fromEntries(audiences) };
  }

  async #both<T>(ask: (store: Store, index: 0 | 1) => Promise<T>): Promise<readonly [T, T]> {
    const [reference, store] = this.#stores();
    return [await ask(reference, 0), await ask(store, 1)];
  }
}

function wantedPush(planned: PlannedPush, known: ReadonlyMap<string, Device>): WantedPush {
  const { device: id, isElsewhere, takesBadgeAlone, alertFor, refused } = planned;
  const device = known.get(id);
  const user = alertFor === 'owner' ? device?.user : (alertFor ?? undefined);
  return {
    device: id,
    platform: isElsewhere ? 'fcm' : (device?.target.platform ?? 'apns'),
    takesBadgeAlone,
    ...(user !== undefined && { alertFor: user }),
    ...(refused !== undefined && { refused }),
  };
}

/** Of every kind; not of all messages and announcements at once, as that would take long. */
function audiencesAt(step: number): readonly Audience[] {
  const conversation = conversations[step % conversations.length] ?? '';
  return [
    { kind: 'everyone' },
    { kind: 'users', users: ['ann', 'never named', 'ann'] },
    { kind: 'conversation', conversation },
    ...[1, 3].map((position) => ({ kind: 'message', conversation, position }) as const),
    { kind: 'message', conversation: conversations[0], position: 1 + (step % 9) },
    ...[0, 1].map((number) => {
      const announcement = announcements[(step + number) % announcements.length] ?? '';
      return { kind: 'announcement', announcement } as const;
    }),
  ];
}

function elsewhere(target: Extract<PushTarget, { platform: 'apns' }>): PushTarget {
  return { ...target, environment: target.environment === 'production' ? 'development' : 'production' };
}

/** Each store makes the ids of alerts itself; who is done with one is a set. */
function comparable(answer: unknown): unknown {
  if (isClaims(answer)) return answer.map(({ claimedBy: _, doubtUntil: __, ...rest }) => rest);
  if (!isAlerts(answer)) return answer;
  return answer.map(({ id, settled, ...rest }) => ({ ...rest, settled: [...settled].sort() }));
}

/** Only several servers say who claimed what. */
function isClaims(answer: unknown): answer is readonly Extract<Claim, { kind: 'claimed' }>[] {
  return Array.isArray(answer) && answer.every((each) => typeof each === 'object' && 'kind' in each);
}

function isAlerts(answer: unknown): answer is readonly OutboxAlert[] {
  return Array.isArray(answer) && answer.every((each) => typeof each === 'object' && 'settled' in each);
}
