/**
 * The queue of one provider in a lane: the devices that are ready, how many pushes are in flight, and the breaker. A lane
 * has one for each host that it pushes to, so that a host that does not respond holds up no other. Devices of three classes
 * wait, and none of them waits for ever: those that are pushed to now and then go first, so that they do not wait behind hundreds.
 */
import type { PushTarget } from '../push_target.js';
import { Breaker, type BreakerEvent, type BreakerLimits, type Pause } from './breaker.js';
import type { Clock } from './clock.js';
import type { LaneDevice } from './lane_device.js';
import type { Verdict } from './transport/verdict.js';

export interface LaneQueueDeps {
  readonly breaker: BreakerLimits;
  readonly clock: Clock;
  /** Whether the device gets so many pushes that others go first. */
  readonly isChatty: (device: LaneDevice) => boolean;
  /** Decides on a device that the queue takes: false if it is not to be sent to now. */
  readonly admit: (device: LaneDevice) => boolean;
  /**
   * Sends to devices that were admitted. Calls back once they are claimed, or cannot be. Each ends with a call of `ended`, and
   * one of `responded` before it if its provider responded.
   */
  readonly send: (batch: readonly LaneDevice[], onClaimed: () => void) => void;
  /** Receives all running work, so that its end can be awaited. */
  readonly track: (work: Promise<void>) => void;
}

/**
 * - prompt: few devices changed together, and it had no push a moment ago.
 * - bulk: it changed together with many others, such as by an announcement.
 * - chatty: it had a push a moment ago.
 */
type WaitingClass = 'prompt' | 'bulk' | 'chatty';

/** While prompt devices wait, one place in so many is another's. While bulk ones wait, so is one of their places a chatty one's. */
const placesForOneOther = 4;
/** All but prompt devices take at most this part of the places, so that a prompt one that becomes ready finds one free … */
const othersPart = 3 / 4;
/** … and chatty ones at most this part. */
const chattyPart = 1 / 2;
/**
 * Pushes whose result is not stored yet are at most so many times the places. A slow store then slows the pushes, and what
 * it has to store does not grow without end.
 */
const unfinishedPerPlace = 2;
/** A queue in which nothing has waited for so long after its pause is forgotten. Longer than any device's back-off. */
const forgottenAfterMs = 900_000;

export class LaneQueue {
  readonly #deps: LaneQueueDeps;
  readonly #breaker: Breaker;
  readonly #prompt = new Set<LaneDevice>();
  readonly #bulk = new Set<LaneDevice>();
  readonly #chatty = new Set<LaneDevice>();
  /** Of the pushes in flight, those to devices that were of the class when they began. */
  readonly #bulkInFlight = new Set<LaneDevice>();
  readonly #chattyInFlight = new Set<LaneDevice>();
  #taken = 0;
  #othersTaken = 0;
  /** Sent, or about to be, without a response yet: each takes a place. */
  readonly #inFlight = new Set<LaneDevice>();
  /** These, and those whose result is being stored. */
  #unfinished = 0;
  /** Calls that claim devices. While there are any, places that come free gather: the next call claims a device for each. */
  #claiming = 0;
  #isPumpDue = false;
  #pumping: Promise<void> | undefined;
  #cancelWake: (() => void) | undefined;

  constructor(deps: LaneQueueDeps) {
    this.#deps = deps;
    this.#breaker = new Breaker(deps.breaker);
  }

  /** Undefined while it sends. Its times are the clock's. */
  get pause(): Pause | undefined {
    return this.#breaker.pause;
  }

  /** Whether it may be dropped, and made anew when it is needed. */
  get isUnused(): boolean {
    if (this.#size > 0 || this.#unfinished > 0) return false;
    const { pause } = this.#breaker;
    return pause === undefined || pause.pausedUntil + forgottenAfterMs < this.#deps.clock.now();
  }

  /** A device that waits already changes its class. */
  add(device: LaneDevice): void {
    for (const waiting of [this.#prompt, this.#bulk, this.#chatty]) waiting.delete(device);
    this.#waiting(this.#classOf(device)).add(device);
    this.#pumpSoon();
  }

  /** The push to the device has its verdict: there is room for another, while this one's result is stored. */
  responded(device: LaneDevice, verdict: Verdict): void {
    this.#breaker.on(breakerEvent(verdict, this.#deps.clock.now()));
    this.#leave(device);
    this.#pumpForRoom();
  }

  /** A push to the device is over, also if it was never sent. */
  ended(device: LaneDevice): void {
    this.#unfinished -= 1;
    this.#leave(device);
    this.#pumpForRoom();
  }

  /** The credentials changed, so earlier refusals no longer count. */
  renew(): void {
    this.#breaker.on({ type: 'renewed' });
    this.#pumpSoon();
  }

  close(): void {
    this.#cancelWake?.();
    for (const waiting of [this.#prompt, this.#bulk, this.#chatty]) waiting.clear();
  }

  /** Devices that become ready in the same moment are claimed together. */
  #pumpSoon(): void {
    if (this.#pumping !== undefined) return;
    this.#pumping = Promise.resolve().then(() => {
      this.#pumping = undefined;
      this.#pump();
    });
    this.#deps.track(this.#pumping);
  }

  /** Responses come one by one. A claim for each would be a commit for each. */
  #pumpForRoom(): void {
    if (this.#claiming === 0) this.#pumpSoon();
    else this.#isPumpDue = true;
  }

  #pump(): void {
    const allowed = this.#breaker.allowed(this.#deps.clock.now());
    const batch: LaneDevice[] = [];
    while (this.#inFlight.size < allowed && this.#unfinished < allowed * unfinishedPerPlace) {
      const device = this.#take(allowed);
      if (device === undefined) break;
      if (this.#deps.admit(device)) {
        batch.push(device);
        this.#inFlight.add(device);
        this.#unfinished += 1;
      } else this.#leave(device);
    }
    if (batch.length > 0) {
      this.#claiming += 1;
      this.#deps.send(batch, () => this.#claimed());
    }
    this.#wakeAfterPause();
  }

  #claimed(): void {
    this.#claiming -= 1;
    if (!this.#isPumpDue || this.#claiming > 0) return;
    this.#isPumpDue = false;
    this.#pumpSoon();
  }

  get #size(): number {
    return this.#prompt.size + this.#bulk.size + this.#chatty.size;
  }

  #classOf(device: LaneDevice): WaitingClass {
    if (this.#deps.isChatty(device)) return 'chatty';
    return device.isBulk ? 'bulk' : 'prompt';
  }

  #waiting(of: WaitingClass): Set<LaneDevice> {
    if (of === 'prompt') return this.#prompt;
    return of === 'bulk' ? this.#bulk : this.#chatty;
  }

  /** The next device that may be sent to, of so many that may be in flight; undefined if there is none. */
  #take(allowed: number): LaneDevice | undefined {
    const other = this.#nextOther(allowed);
    const isOthersTurn = this.#prompt.size === 0 || (this.#taken + 1) % placesForOneOther === 0;
    const taken = other !== undefined && isOthersTurn ? other : 'prompt';
    const [device] = this.#waiting(taken);
    if (device === undefined) return undefined;
    this.#waiting(taken).delete(device);
    this.#taken += 1;
    if (taken === 'prompt') return device;
    this.#othersTaken += 1;
    (taken === 'bulk' ? this.#bulkInFlight : this.#chattyInFlight).add(device);
    return device;
  }

  /** Which of the other classes is next. At least one push is allowed to each, or a paused provider would not be tried. */
  #nextOther(allowed: number): 'bulk' | 'chatty' | undefined {
    const others = this.#bulkInFlight.size + this.#chattyInFlight.size;
    if (others >= Math.max(1, allowed * othersPart)) return undefined;
    const mayBeChatty =
      this.#chatty.size > 0 && this.#chattyInFlight.size < Math.max(1, allowed * chattyPart);
    const isChattysTurn = this.#bulk.size === 0 || (this.#othersTaken + 1) % placesForOneOther === 0;
    if (mayBeChatty && isChattysTurn) return 'chatty';
    return this.#bulk.size > 0 ? 'bulk' : undefined;
  }

  #leave(device: LaneDevice): void {
    this.#inFlight.delete(device);
    this.#bulkInFlight.delete(device);
    this.#chattyInFlight.delete(device);
  }

  /** While a half-open breaker has its one push in flight, the end of that push continues the queue. */
  #wakeAfterPause(): void {
    const { pause } = this.#breaker;
    if (pause === undefined || this.#size === 0 || this.#cancelWake !== undefined) return;
    const { clock } = this.#deps;
    if (this.#inFlight.size > 0 && pause.pausedUntil <= clock.now()) return;
    const wake = () => {
      this.#cancelWake = undefined;
      this.#pumpSoon();
    };
    this.#cancelWake = clock.setTimeout(wake, Math.max(10, pause.pausedUntil - clock.now()));
  }
}

/**
 * Which provider serves a target. Devices name it themselves: a browser's subscription has a host, and an APNs token an
 * environment, to which a team's key may not belong.
 */
export function providerOf(target: PushTarget): string {
  switch (target.platform) {
    case 'apns':
      return target.environment;
    case 'fcm':
      return 'fcm';
    case 'webpush':
      return URL.canParse(target.endpoint) ? new URL(target.endpoint).host : '';
  }
}

/**
 * Only what is about the provider or our credentials pauses the queue. Any other verdict shows that the provider is up
 * and took our credentials: also one that refuses this device, or asks to leave it alone for a while.
 */
function breakerEvent(verdict: Verdict, now: number): BreakerEvent {
  const isFailure = verdict.kind === 'retry' || verdict.kind === 'misconfigured';
  if (!isFailure || verdict.about === 'device') return { type: 'success' };
  const kind = verdict.kind === 'retry' ? 'unreachable' : 'misconfigured';
  return { type: 'failure', kind, reason: verdict.reason, now };
}
