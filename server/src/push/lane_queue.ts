/**
 * The queue of one provider in a lane: the devices that are ready, how many pushes are in flight, and the breaker. A lane
 * has one for each host that it pushes to, so that a host that does not respond holds up no other. Chatty devices, which had a
 * push a moment ago, leave places free for the others, so that these do not wait behind hundreds of pushes.
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
  /** Sends to devices that were admitted. Each ends with a call of `ended`. */
  readonly send: (batch: readonly LaneDevice[]) => void;
  /** Receives all running work, so that its end can be awaited. */
  readonly track: (work: Promise<void>) => void;
}

/** While both wait, one place in so many is a chatty device's: it waits, but not for ever. */
const placesForOneChatty = 4;
/** Chatty devices take at most this part of all places, so that a quiet one that becomes ready finds one free. */
const chattyPart = 1 / 2;
/** A queue in which nothing has waited for so long after its pause is forgotten. Longer than any device's back-off. */
const forgottenAfterMs = 900_000;

export class LaneQueue {
  readonly #deps: LaneQueueDeps;
  readonly #breaker: Breaker;
  readonly #quiet = new Set<LaneDevice>();
  readonly #chatty = new Set<LaneDevice>();
  /** Of the pushes in flight, those to devices that were chatty when they began. */
  readonly #chattyInFlight = new Set<LaneDevice>();
  #taken = 0;
  #inFlight = 0;
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
    if (this.#size > 0 || this.#inFlight > 0) return false;
    const { pause } = this.#breaker;
    return pause === undefined || pause.pausedUntil + forgottenAfterMs < this.#deps.clock.now();
  }

  add(device: LaneDevice): void {
    (this.#deps.isChatty(device) ? this.#chatty : this.#quiet).add(device);
    this.#pumpSoon();
  }

  /** A push has its verdict. */
  judged(verdict: Verdict): void {
    this.#breaker.on(breakerEvent(verdict, this.#deps.clock.now()));
  }

  /** A push to the device is over: there is room for another. */
  ended(device: LaneDevice): void {
    this.#inFlight -= 1;
    this.#chattyInFlight.delete(device);
    this.#pumpSoon();
  }

  /** The credentials changed, so earlier refusals no longer count. */
  renew(): void {
    this.#breaker.on({ type: 'renewed' });
    this.#pumpSoon();
  }

  close(): void {
    this.#cancelWake?.();
    this.#quiet.clear();
    this.#chatty.clear();
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

  #pump(): void {
    const allowed = this.#breaker.allowed(this.#deps.clock.now());
    const batch: LaneDevice[] = [];
    while (this.#inFlight + batch.length < allowed) {
      const device = this.#take(Math.max(1, allowed * chattyPart));
      if (device === undefined) break;
      if (this.#deps.admit(device)) batch.push(device);
      else this.#chattyInFlight.delete(device);
    }
    if (batch.length > 0) {
      this.#inFlight += batch.length;
      this.#deps.send(batch);
    }
    this.#wakeAfterPause();
  }

  get #size(): number {
    return this.#quiet.size + this.#chatty.size;
  }

  /** The next device that may be sent to; undefined if there is none. At most so many chatty ones are in flight. */
  #take(mostChatty: number): LaneDevice | undefined {
    this.#taken += 1;
    const mayBeChatty = this.#chatty.size > 0 && this.#chattyInFlight.size < mostChatty;
    const isChattysTurn = this.#quiet.size === 0 || this.#taken % placesForOneChatty === 0;
    const isChatty = mayBeChatty && isChattysTurn;
    const [device] = isChatty ? this.#chatty : this.#quiet;
    if (device === undefined) return undefined;
    (isChatty ? this.#chatty : this.#quiet).delete(device);
    if (isChatty) this.#chattyInFlight.add(device);
    return device;
  }

  /** While a half-open breaker has its one push in flight, the end of that push continues the queue. */
  #wakeAfterPause(): void {
    const { pause } = this.#breaker;
    if (pause === undefined || this.#size === 0 || this.#cancelWake !== undefined) return;
    const { clock } = this.#deps;
    if (this.#inFlight > 0 && pause.pausedUntil <= clock.now()) return;
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
