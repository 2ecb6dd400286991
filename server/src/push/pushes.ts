/**
 * The pushes of a lane, from the devices that it chose to the event that each push ends with: claims them with one
 * call to the store, sends, settles, and evaluates the outcome. The lane decides when and how often.
 */
import type { Platform } from '../push_target.js';
import type { Store } from '../store/port.js';
import type { Claim, DeviceState, Settlement, WantedPush } from '../store/push_port.js';
import { type ClaimedDevice, claimMs, deliveryOf, settlementOf } from './claimed_push.js';
import type { Clock } from './clock.js';
import { InFlight } from './in_flight.js';
import type { LaneDevice } from './lane_device.js';
import type { LaneEvent } from './lane_state.js';
import { turnOfEventLoop } from './ongoing_work.js';
import type { OpenAlert } from './open_alert.js';
import type { OpenTransport, OpenTransports } from './open_transports.js';
import type { OwnRegistrations } from './own_registrations.js';
import { Settlements } from './settlements.js';
import type { Outcome } from './transport/port.js';
import type { Verdict } from './transport/verdict.js';

export interface PushSettings {
  readonly firstRetryMs: number;
  readonly longestRetryMs: number;
  /**
   * A push without a response may still arrive, after newer ones. A number that a device accepts within this time
   * is sent once more afterwards.
   */
  readonly confirmMs: number;
  /** A device that is unregistering is forgotten after so many failed attempts to send it 0. */
  readonly unregisterAttempts: number;
}

/** The longest pause that a provider can ask for. A timer cannot wait for a month. */
const longestRetryAfterMs = 86_400_000;

/** Sent in one turn of the event loop: a push takes some tenths of a millisecond. */
const pushesPerTurn = 10;

/** Between the claim and the push. A server that was stopped for longer sends nothing that it claimed before. */
const longestClaimMs = 8_000;

export interface PushDeps {
  readonly store: Store;
  readonly transports: OpenTransports;
  readonly clock: Clock;
  /** The time of day. */
  readonly now: () => number;
  /** When this process began to send. Pushes of a process that ended before may still arrive. */
  readonly startedAt: number;
  readonly ownRegistrations: OwnRegistrations;
  readonly settings: PushSettings;
  /** How long changes of a number are gathered before it is sent. */
  readonly gatherMs: number;
  readonly onOutcome: (platform: Platform, verdict: Verdict) => void;
  /** A bug of ours; the push is tried again. */
  readonly onError: (error: unknown) => void;
}

/** The events that the lane receives while its pushes are in flight. */
export interface PushEvents {
  /** An event of one device. Each push ends with one that is no doubt. */
  readonly onEvent: (device: LaneDevice, event: LaneEvent) => void;
  readonly onEnd: (device: LaneDevice, event: LaneEvent) => void;
  /** The provider accepted the number alone, or may have. */
  readonly onBadgeAlone: (device: LaneDevice) => void;
  /** The provider responded. The result is stored afterwards. */
  readonly onVerdict: (device: LaneDevice, verdict: Verdict) => void;
}

/** A push that begins: the device, and its oldest alert. */
interface Begun {
  readonly device: LaneDevice;
  readonly alert: OpenAlert | undefined;
  /** The clock's time before the device was claimed. */
  readonly startedAt: number;
}

export class Pushes {
  readonly #app: string;
  readonly #platform: Platform;
  readonly #deps: PushDeps;
  readonly #events: PushEvents;
  /** The number that a device refused as a payload. It is not sent again. */
  readonly #refused = new Map<string, number>();
  readonly #targets = new InFlight();
  readonly #settlements: Settlements;

  constructor(app: string, platform: Platform, deps: PushDeps, events: PushEvents) {
    this.#app = app;
    this.#platform = platform;
    this.#deps = deps;
    this.#events = events;
    this.#settlements = new Settlements(app, deps.store.push, deps.now);
  }

  /** To be called regularly. Drops what is no longer needed. */
  tidy(): void {
    this.#targets.forgetBefore(this.#deps.clock.now());
  }

  /** One call to the store claims all of them. Each is then sent and settled by itself; others are served in between. */
  async send(batch: readonly LaneDevice[], onClaimed: () => void): Promise<void> {
    const { clock, now } = this.#deps;
    const begun = batch.map((device) => ({
      device,
      alert: device.nextAlert(now()),
      startedAt: clock.now(),
    }));
    const claimed = await this.#claim(begun).catch((error: unknown) => ({ error }));
    onClaimed();
    const ends: Promise<void>[] = [];
    for (const [index, each] of begun.entries()) {
      if (index > 0 && index % pushesPerTurn === 0) await turnOfEventLoop();
      if ('error' in claimed) ends.push(this.#end(each, Promise.reject(claimed.error)));
      else {
        const { claims, transport } = claimed;
        ends.push(this.#end(each, this.#sent(each, transport, claims[index] ?? { kind: 'gone' })));
      }
    }
    await Promise.all(ends);
  }

  async #claim(begun: readonly Begun[]): Promise<{
    readonly transport: OpenTransport;
    readonly claims: readonly Claim[];
  }> {
    const { now, store, transports } = this.#deps;
    const transport = await transports.get(this.#app, this.#platform);
    const wanted = begun.map((each) => this.#wanted(each, transport));
    const time = { now: now(), until: now() + claimMs };
    return { transport, claims: await store.push.claimDevices(this.#app, wanted, time) };
  }

  #wanted({ device: { id }, alert }: Begun, { capabilities }: OpenTransport): WantedPush {
    const shown = alert?.shownOn(id);
    const refused = this.#refused.get(id);
    return {
      device: id,
      platform: this.#platform,
      takesBadgeAlone: capabilities.badgeOnly,
      ...(shown !== undefined && { alertFor: shown.user }),
      ...(refused !== undefined && { refused }),
    };
  }

  /** What it ends with in any case. */
  async #end({ device }: Begun, push: Promise<LaneEvent>): Promise<void> {
    const event = await push.catch((error: unknown): LaneEvent => {
      this.#deps.onError(error);
      return this.#failed(device);
    });
    this.#events.onEnd(device, event);
  }

  async #sent(begun: Begun, transport: OpenTransport, claim: Claim): Promise<LaneEvent> {
    const { device, alert } = begun;
    switch (claim.kind) {
      case 'busy':
        return { type: 'busy', delayMs: this.#deps.settings.firstRetryMs };
      case 'gone':
        return this.#forgotten(device);
      case 'right':
        if (claim.device.isUnregistering) return this.#forget(device, claim.device.registeredAt);
        device.doneWith(alert);
        return { type: 'finished' };
      case 'claimed':
        return this.#send(begun, transport, claim);
    }
  }

  async #send(begun: Begun, transport: OpenTransport, claim: ClaimedDevice): Promise<LaneEvent> {
    const { device, alert } = begun;
    const { id, registeredAt, target } = claim.device;
    const doubtUntil = Math.max(this.#targets.doubtUntil(target), this.#strayUntil(claim));
    if (this.#isOutdated(begun) || !this.#targets.begin(target)) {
      const { claimedBy } = claim;
      const unsent = { device: id, registeredAt, accepted: null };
      await this.#settlements.add(claimedBy === undefined ? unsent : { ...unsent, claimedBy });
      return { type: 'busy', delayMs: this.#deps.settings.firstRetryMs };
    }
    this.#events.onEvent(device, { type: 'doubted', until: doubtUntil });
    try {
      const shown = alert?.shownOn(id);
      const content = shown && alert && { alert: shown.alert, expiresAt: alert.expiresAt };
      const delivery = deliveryOf(claim, content);
      const outcome = await transport.deliver(delivery, this.#deps.now());
      if (delivery.alert === undefined && isAccepted(outcome)) this.#events.onBadgeAlone(device);
      this.#doubt(device, claim, outcome);
      this.#deps.onOutcome(this.#platform, outcome.verdict);
      this.#events.onVerdict(device, outcome.verdict);
      return await this.#settle(begun, claim, outcome, transport);
    } finally {
      this.#targets.end(target, device.state.doubtUntil, this.#deps.clock.now());
    }
  }

  /** The process was stopped since it claimed the device: the number may be old, and the claim another server's. */
  #isOutdated({ startedAt, alert }: Begun): boolean {
    return alert?.isAbandoned === true || this.#deps.clock.now() - startedAt > longestClaimMs;
  }

  /** Until when another server's push may still arrive, by the clock. */
  #strayUntil({ doubtUntil = 0 }: ClaimedDevice): number {
    const { clock, now } = this.#deps;
    return Math.max(0, doubtUntil - now() + clock.now());
  }

  /** Whether something else may still arrive: this push, if it got no response, or one of a process that died. */
  #doubt(device: LaneDevice, { device: before }: ClaimedDevice, { verdict }: Outcome): void {
    const { startedAt, ownRegistrations, settings, clock } = this.#deps;
    if (verdict.kind === 'retry' && verdict.isUncertain === true) {
      this.#events.onEvent(device, { type: 'doubted', until: clock.now() + settings.confirmMs });
    } else if (before.accepted === null && !ownRegistrations.has(this.#app, before)) {
      this.#events.onEvent(device, { type: 'doubted', until: startedAt + settings.confirmMs });
    }
  }

  async #settle(
    begun: Begun,
    claim: ClaimedDevice,
    outcome: Outcome,
    transport: OpenTransport,
  ): Promise<LaneEvent> {
    const { device, alert, startedAt } = begun;
    const isBelieved = startedAt >= device.state.doubtUntil;
    const settlement = {
      ...settlementOf(claim, outcome, { alert: alert?.isAbandoned ? undefined : alert?.id, isBelieved }),
      ...this.#doubtOf(device),
    };
    const state = await this.#settlements.add(settlement);
    if (settlement.alert !== undefined) device.doneWith(alert);
    return this.#eventOf(begun, claim, outcome.verdict, {
      isBelieved,
      isMoreWanted: isMoreWanted(state, transport),
    });
  }

  /** For other servers that push to the device. */
  #doubtOf({ state: { doubtUntil } }: LaneDevice): Pick<Settlement, 'doubtUntil'> {
    const leftMs = doubtUntil - this.#deps.clock.now();
    return leftMs > 0 ? { doubtUntil: this.#deps.now() + Math.ceil(leftMs) } : {};
  }

  async #eventOf(
    { device, alert }: Begun,
    { device: { isUnregistering, registeredAt }, badge }: ClaimedDevice,
    verdict: Verdict,
    { isBelieved, isMoreWanted }: { readonly isBelieved: boolean; readonly isMoreWanted: boolean },
  ): Promise<LaneEvent> {
    switch (verdict.kind) {
      case 'delivered':
        this.#refused.delete(device.id);
        if (!isBelieved) {
          const delayMs = Math.max(1, device.state.doubtUntil - this.#deps.clock.now());
          return { type: 'accepted_in_doubt', delayMs };
        }
        if (isUnregistering) return this.#forget(device, registeredAt);
        return isMoreWanted ? { type: 'changed', delayMs: this.#deps.gatherMs } : { type: 'finished' };
      case 'rejected':
        if (isUnregistering) return this.#forget(device, registeredAt);
        // The device may accept the number alone if it refused the alert.
        if (alert !== undefined) return { type: 'more' };
        if (badge !== null) this.#refused.set(device.id, badge);
        return { type: 'finished' };
      case 'gone':
        return this.#forget(device, verdict.sinceMs ?? registeredAt);
      case 'retry':
        if (isUnregistering && device.state.attempts >= this.#deps.settings.unregisterAttempts)
          return this.#forget(device, registeredAt);
        return this.#failed(device, Math.min(verdict.afterMs ?? 0, longestRetryAfterMs));
      case 'misconfigured':
        return this.#failed(device);
    }
  }

  /** Unless it registered after this time: then it is tried again, later. */
  async #forget(device: LaneDevice, since: number): Promise<LaneEvent> {
    const isForgotten = await this.#deps.store.push.forget(this.#app, device.id, since);
    return isForgotten ? this.#forgotten(device) : this.#failed(device);
  }

  #forgotten(device: LaneDevice): LaneEvent {
    this.#refused.delete(device.id);
    device.doneWithAll();
    return { type: 'finished' };
  }

  /** A random time between half and the whole of a time that doubles, so that retries do not come all at once. */
  #failed({ state }: LaneDevice, atLeastMs = 0): LaneEvent {
    const { firstRetryMs, longestRetryMs } = this.#deps.settings;
    const longest = Math.min(longestRetryMs, firstRetryMs * 2 ** state.attempts);
    return { type: 'failed', delayMs: Math.max(atLeastMs, longest * (0.5 + Math.random() / 2)) };
  }
}

/** Or may be: there was no response. */
function isAccepted({ verdict }: Outcome): boolean {
  return verdict.kind === 'delivered' || (verdict.kind === 'retry' && verdict.isUncertain === true);
}

/** The badge may have changed while the push was in flight. */
function isMoreWanted(state: DeviceState, { capabilities }: OpenTransport): boolean {
  return state === 'wrong' && capabilities.badgeOnly;
}
