/** Promise 7 for one device, as it can be read in the table: random events, and what holds after each of them. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { idle, type LaneEvent, type LaneState, laneTransition } from '../../src/push/lane_state.js';

/**
 * A lane with one device, as lane.ts drives it: it executes the effects, sends only events that can come, and keeps
 * the clock. Beside it stands what is true of the device: whether there is something to send, and what is in doubt.
 */
class OneDevice {
  state: LaneState = idle;
  now = 1;
  isQueued = false;
  inFlight = 0;
  timer: number | undefined;
  /** Something changed since the last push that was believed began. */
  isWrong = false;
  /** A number was accepted in doubt, and no push that began later has been believed, or has ended the matter, since. */
  isUnconfirmed = false;
  #startedAt = 0;
  #isChangedSince = false;

  step(action: Action): void {
    switch (action.type) {
      case 'want':
        this.isWrong = this.state.name !== 'closed';
        this.#isChangedSince = true;
        this.#on({ type: 'wanted' });
        return;
      case 'urge':
        this.isWrong = this.state.name !== 'closed';
        this.#isChangedSince = true;
        this.#on({ type: 'urgent' });
        return;
      case 'hold back':
        if (!this.isQueued || this.state.name === 'closed') return;
        this.isQueued = false;
        this.#on({ type: 'held_back', delayMs: action.ms });
        return;
      case 'start':
        if (!this.isQueued || this.state.name === 'closed') return;
        this.isQueued = false;
        this.inFlight += 1;
        this.#startedAt = this.now;
        this.#isChangedSince = false;
        this.#on({ type: 'started' });
        return;
      case 'doubt':
        if (this.inFlight > 0) this.#on({ type: 'doubted', until: this.now + action.ms });
        return;
      case 'accepted':
        this.#accepted(action.isRight, action.gatherMs);
        return;
      case 'over':
        // Gone, rejected or with nothing to send: the device has what it can have.
        this.#ended({ type: 'finished' });
        return;
      case 'failed':
      case 'busy':
        if (this.inFlight === 0) return;
        this.inFlight -= 1;
        this.#on({ type: action.type, delayMs: action.ms });
        return;
      case 'pass':
        this.now += action.ms;
        if (this.timer === undefined || this.timer > this.now) return;
        this.timer = undefined;
        this.#on({ type: 'timer' });
        return;
      case 'renew':
        this.#on({ type: 'renewed' });
        return;
      case 'close':
        this.isWrong = false;
        this.isUnconfirmed = false;
        this.#on({ type: 'closed' });
        return;
    }
  }

  /** As pushes.ts judges it: a push that began in doubt is not believed. */
  #accepted(isRight: boolean, gatherMs: number | undefined): void {
    if (this.inFlight === 0) return;
    const { doubtUntil } = this.state;
    if (this.#startedAt >= doubtUntil) {
      if (isRight) this.#ended({ type: 'finished' });
      else this.#ended(gatherMs === undefined ? { type: 'more' } : { type: 'changed', delayMs: gatherMs });
      return;
    }
    this.inFlight -= 1;
    this.isUnconfirmed = this.state.name !== 'closed';
    this.#on({ type: 'accepted_in_doubt', delayMs: Math.max(1, doubtUntil - this.now) });
  }

  #ended(event: LaneEvent): void {
    if (this.inFlight === 0) return;
    this.inFlight -= 1;
    this.isUnconfirmed = false;
    this.isWrong =
      this.state.name !== 'closed' &&
      (this.#isChangedSince || event.type === 'more' || event.type === 'changed');
    this.#on(event);
  }

  #on(event: LaneEvent): void {
    const { state, effects } = laneTransition(this.state, event);
    this.state = state;
    for (const effect of effects) {
      if (effect.type === 'enqueue') {
        expect(this.isQueued, 'it is queued once').toBe(false);
        this.isQueued = true;
      } else if (effect.type === 'start_timer') {
        expect(this.timer, 'one timer at a time').toBeUndefined();
        this.timer = this.now + effect.delayMs;
      } else if (effect.type === 'stop_timer') this.timer = undefined;
    }
  }
}

type Action =
  | { readonly type: 'want' | 'urge' | 'start' | 'over' | 'renew' | 'close' }
  | { readonly type: 'doubt' | 'failed' | 'busy' | 'hold back' | 'pass'; readonly ms: number }
  /** If it is not right: whether the number changed, and is gathered for so long. */
  | { readonly type: 'accepted'; readonly isRight: boolean; readonly gatherMs?: number };

const ms = fc.integer({ min: 1, max: 50 });
const action: fc.Arbitrary<Action> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ type: 'start' } as const) },
  { weight: 4, arbitrary: fc.constantFrom({ type: 'want' } as const, { type: 'urge' } as const) },
  { weight: 5, arbitrary: fc.boolean().map((isRight) => ({ type: 'accepted', isRight }) as const) },
  { weight: 2, arbitrary: ms.map((gatherMs) => ({ type: 'accepted', isRight: false, gatherMs }) as const) },
  {
    weight: 6,
    arbitrary: fc
      .record({
        type: fc.constantFrom(
          'doubt' as const,
          'failed' as const,
          'busy' as const,
          'hold back' as const,
          'pass' as const,
        ),
        ms,
      })
      .map((rest) => rest),
  },
  { weight: 1, arbitrary: fc.constantFrom({ type: 'over' } as const, { type: 'renew' } as const) },
);

function holds(device: OneDevice): void {
  const { name } = device.state;
  const isSending = name === 'sending' || name === 'sending_more';
  if (name !== 'closed') {
    expect(device.inFlight, 'promise 7: at most one push is in flight').toBe(isSending ? 1 : 0);
    expect(device.isQueued, 'what is ready is in the queue, and nothing else').toBe(name === 'ready');
  }
  const waits = ['retrying', 'confirming', 'gathering', 'held_back'].includes(name);
  expect(device.timer !== undefined, 'a timer runs exactly while it waits').toBe(waits);
  if (device.isWrong) {
    expect(isSending || name === 'ready' || waits, 'a wrong device is sending, ready, or waits').toBe(true);
  }
  if (device.isUnconfirmed) expect(name, 'promise 7: what is in doubt is confirmed').not.toBe('idle');
}

function run(actions: readonly Action[]): OneDevice {
  const device = new OneDevice();
  for (const each of actions) {
    device.step(each);
    holds(device);
  }
  return device;
}

describe('a device in its lane', () => {
  test('promise 7: whatever happens, one push at a time, nothing wrong is left lying, and every doubt is confirmed', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 80 }), (actions) => void run(actions)),
      { numRuns: 3_000 },
    );
  });

  test('promise 7: once every push is accepted, a few of them bring any device to rest', () => {
    const property = fc.property(fc.array(action, { maxLength: 60 }), (actions) => {
      const device = run(actions);
      for (let n = 0; n < 6; n += 1) {
        for (const type of ['start', 'accepted', 'pass'] as const) {
          if (type === 'start') device.step({ type });
          else device.step(type === 'accepted' ? { type, isRight: true } : { type, ms: 200 });
          holds(device);
        }
      }
      expect([device.state.name, device.isWrong, device.isUnconfirmed]).toEqual(['idle', false, false]);
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  test('closed, it sets no timer and joins no queue, whatever still ends', () => {
    const property = fc.property(fc.array(action), fc.array(action), (before, after) => {
      const device = run([...before, { type: 'close' }]);
      device.isQueued = false;
      for (const each of after) device.step(each);
      expect([device.state.name, device.isQueued, device.timer]).toEqual(['closed', false, undefined]);
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  test('failed pushes are counted until one is over', () => {
    const fail: Action[] = [{ type: 'start' }, { type: 'failed', ms: 1 }, { type: 'pass', ms: 1 }];
    const failed = run([{ type: 'want' }, ...fail, ...fail, ...fail]);
    expect(failed.state.attempts).toBe(3);
    failed.step({ type: 'start' });
    failed.step({ type: 'busy', ms: 1 });
    expect(failed.state.attempts).toBe(3);
    failed.step({ type: 'pass', ms: 1 });
    failed.step({ type: 'start' });
    failed.step({ type: 'accepted', isRight: true });
    expect(failed.state).toMatchObject({ name: 'idle', attempts: 0 });
  });

  test('held back, it waits for its pace whatever changes, and an alert does not wait', () => {
    const held = run([{ type: 'want' }, { type: 'hold back', ms: 40 }, { type: 'want' }]);
    expect([held.state.name, held.isQueued]).toEqual(['held_back', false]);
    held.step({ type: 'pass', ms: 40 });
    expect([held.state.name, held.isQueued]).toEqual(['ready', true]);
    held.step({ type: 'hold back', ms: 40 });
    held.step({ type: 'urge' });
    expect([held.state.name, held.isQueued, held.timer]).toEqual(['ready', true, undefined]);
  });

  test('a number that changed in flight is gathered with what changes next, unless that was gathered before', () => {
    const sent: Action[] = [{ type: 'want' }, { type: 'start' }];
    const changed: Action = { type: 'accepted', isRight: false, gatherMs: 40 };
    const gathering = run([...sent, changed]);
    expect([gathering.state.name, gathering.isQueued]).toEqual(['gathering', false]);
    gathering.step({ type: 'pass', ms: 40 });
    expect(gathering.state.name).toBe('ready');
    expect(run([...sent, changed, { type: 'want' }]).state.name).toBe('ready');
    expect(run([...sent, { type: 'want' }, changed]).state.name).toBe('ready');
  });

  test('a change while it waits to be confirmed is sent at once, and while it waits to retry is not', () => {
    const inDoubt = run([
      { type: 'want' },
      { type: 'start' },
      { type: 'doubt', ms: 40 },
      { type: 'accepted', isRight: true },
    ]);
    expect(inDoubt.state.name).toBe('confirming');
    inDoubt.step({ type: 'want' });
    expect(inDoubt.state.name).toBe('ready');
    const failed = run([{ type: 'want' }, { type: 'start' }, { type: 'failed', ms: 40 }, { type: 'want' }]);
    expect(failed.state.name).toBe('retrying');
  });
});
