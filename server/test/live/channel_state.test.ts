/**
 * The states of a notification channel's connection, in a small world of its own: a truth that changes, subscriptions
 * that come and go, and reads that take their time. After each random event the promises must hold.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type ChannelEffect,
  type ChannelEvent,
  type ChannelState,
  isSettled,
  nextChannelState,
} from '../../src/live/channel_state.js';

interface Read {
  readonly version: number;
  readonly subscription: number;
}

class ChannelSimulation {
  state: ChannelState = 'unsubscribed';
  /** Grows with each change. */
  truth = 0;
  /** The version that the client was brought up to. */
  sent = 0;
  /** Counts the watches; odd while one is open. */
  watches = 0;
  hasFailed = false;
  /** The subscription whose counts later ones are compared with. */
  baseline = 0;
  readonly reads: Read[] = [];

  isPossible(event: ChannelEvent): boolean {
    return event === 'read' || event === 'read_failed' ? this.reads.length > 0 : true;
  }

  step(event: ChannelEvent): void {
    if (event === 'changed') this.truth += 1;
    if (event === 'read_failed') this.hasFailed = true;
    const ended = event === 'read' || event === 'read_failed' ? this.reads.shift() : undefined;
    const { next, effects } = nextChannelState(this.state, event);
    const wasClosed = this.state === 'closed';
    this.state = next;
    if (wasClosed) expect(effects).toEqual([]);
    for (const effect of effects) this.#execute(effect, ended);
    this.#check();
  }

  #execute(effect: ChannelEffect, ended: Read | undefined): void {
    if (effect === 'watch' || effect === 'unwatch') {
      expect(this.watches % 2).toBe(effect === 'watch' ? 0 : 1);
      this.watches += 1;
    }
    if (effect === 'read') {
      this.hasFailed = false;
      this.reads.push({ version: this.truth, subscription: this.watches });
    }
    if (effect === 'write_differences') {
      expect(ended?.subscription).toBe(this.watches);
      this.baseline = this.watches;
      this.sent = ended?.version ?? 0;
    }
  }

  #check(): void {
    expect(this.reads.length).toBeLessThanOrEqual(1);
    const isSubscribed = !['unsubscribed', 'unsubscribed_reading', 'closed'].includes(this.state);
    expect(this.watches % 2).toBe(isSubscribed ? 1 : 0);
    if (['idle', 'reading', 'reading_stale'].includes(this.state)) expect(this.baseline).toBe(this.watches);
    if (isSettled(this.state) && this.state !== 'closed') expect(this.reads).toEqual([]);
    if (this.state === 'idle' && !this.hasFailed) expect(this.sent).toBe(this.truth);
  }
}

const anyEvent = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.constantFrom<ChannelEvent>('subscribed', 'unsubscribed', 'changed', 'changed', 'read'),
  },
  { weight: 2, arbitrary: fc.constantFrom<ChannelEvent>('read_failed') },
  { weight: 1, arbitrary: fc.constantFrom<ChannelEvent>('closed') },
);

function simulate(steps: readonly ChannelEvent[]): ChannelSimulation {
  const simulation = new ChannelSimulation();
  for (const event of steps) {
    // Without a subscription nothing changes for the client.
    if (event === 'changed' && simulation.watches % 2 === 0) continue;
    if (simulation.isPossible(event)) simulation.step(event);
  }
  return simulation;
}

test('one read at most is in flight, the results of an earlier subscription are dropped, and nothing follows the closing', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (steps) => {
      simulate(steps);
    }),
    { numRuns: 2_000 },
  );
});

test('whatever changed while a read was in flight is read afterwards', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (steps) => {
      const simulation = simulate([...steps, 'subscribed', 'changed']);
      for (let reads = 0; reads < 2 && simulation.isPossible('read'); reads++) simulation.step('read');
      if (simulation.state !== 'closed') {
        expect([simulation.state, simulation.sent]).toEqual(['idle', simulation.truth]);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('it settles once every read has ended, subscribed or not', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (steps) => {
      const simulation = simulate(steps);
      for (let reads = 0; reads < 2 && simulation.isPossible('read'); reads++) simulation.step('read');
      expect(isSettled(simulation.state)).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('a connection whose first read fails is closed: a later change could not be told from its counts', () => {
  for (const steps of [['subscribed'], ['subscribed', 'changed']] as const) {
    const { state } = simulate(steps);
    const { next, effects } = nextChannelState(state, 'read_failed');
    expect([next, effects]).toEqual(['closed', ['unwatch', 'give_up']]);
  }
});
