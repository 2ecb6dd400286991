/**
 * The states of a live stream, in a small world of its own: a truth that changes, a reader who takes or does not, and
 * reads that take their time. Random events happen in any order, and after each of them the promises must hold.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  nextStreamState,
  type StreamEffect,
  type StreamEvent,
  type StreamState,
} from '../../src/live/stream_state.js';

interface Read {
  /** The version of the truth when it began. */
  readonly version: number;
  readonly hasSnapshot: boolean;
}

class StreamSimulation {
  state: StreamState = 'idle';
  /** Grows with each change. */
  truth = 0;
  /** What the reader was sent last. */
  sent = -1;
  isFull = false;
  hasTimer = false;
  /** An error hides a change until the next change or heartbeat. */
  hasFailed = false;
  readonly reads: Read[] = [];
  readonly endings: StreamEffect[] = [];
  readonly effects: StreamEffect[] = [];

  /** Whether this event can come now. */
  isPossible(event: StreamEvent): boolean {
    if (event === 'read') return this.reads[0]?.hasSnapshot === true;
    if (event === 'checked') return this.reads[0]?.hasSnapshot === false;
    if (event === 'read_failed' || event === 'unauthorized') return this.reads.length > 0;
    if (event === 'filled') return !this.isFull;
    if (event === 'drained') return this.isFull;
    if (event === 'timed_out') return this.hasTimer;
    return true;
  }

  /** Ends whatever is in flight, and what follows it. */
  finish(): void {
    for (let reads = 0; reads < 2 && this.reads.length > 0; reads++)
      this.step(this.isPossible('read') ? 'read' : 'checked');
  }

  step(event: StreamEvent): void {
    if (event === 'changed') this.truth += 1;
    if (event === 'filled') this.isFull = true;
    if (event === 'drained') this.isFull = false;
    if (event === 'timed_out') this.hasTimer = false;
    const isEnd = ['read', 'checked', 'read_failed', 'unauthorized'].includes(event);
    const ended = isEnd ? this.reads.shift() : undefined;
    if (event === 'read_failed') this.hasFailed = true;
    const { next, effects } = nextStreamState(this.state, event);
    const wasClosed = this.state === 'closed';
    this.state = next;
    if (wasClosed) expect(effects).toEqual([]);
    for (const effect of effects) this.#execute(effect, ended);
    this.#check();
  }

  #execute(effect: StreamEffect, ended: Read | undefined): void {
    this.effects.push(effect);
    if (effect === 'read' || effect === 'check') {
      this.hasFailed = false;
      this.reads.push({ version: this.truth, hasSnapshot: effect === 'read' });
    }
    if (effect === 'write_snapshot' || effect === 'write_heartbeat') expect(this.isFull).toBe(false);
    if (effect === 'write_snapshot') {
      this.sent = ended?.version ?? -1;
    }
    if (effect === 'start_timer') this.hasTimer = true;
    if (effect === 'stop_timer') this.hasTimer = false;
    if (effect === 'end') expect(this.isFull).toBe(false);
    if (effect === 'end' || effect === 'cut') this.endings.push(effect);
  }

  #check(): void {
    expect(this.reads.length).toBeLessThanOrEqual(1);
    expect(this.hasTimer).toBe(this.state.startsWith('blocked'));
    expect(this.endings.length).toBeLessThanOrEqual(1);
    if (this.state === 'idle' && !this.hasFailed && this.truth > 0) expect(this.sent).toBe(this.truth);
  }
}

const events: readonly StreamEvent[] = [
  'changed',
  'heartbeat',
  'read',
  'checked',
  'read_failed',
  'unauthorized',
  'filled',
  'drained',
  'timed_out',
  'ended',
  'disconnected',
];
const anyEvent = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.constantFrom<StreamEvent>('changed', 'heartbeat', 'read', 'checked', 'filled', 'drained'),
  },
  { weight: 3, arbitrary: fc.constantFrom<StreamEvent>('read_failed') },
  { weight: 1, arbitrary: fc.constantFrom(...events) },
);

function simulate(steps: readonly StreamEvent[]): StreamSimulation {
  const simulation = new StreamSimulation();
  for (const event of steps) if (simulation.isPossible(event)) simulation.step(event);
  return simulation;
}

test('one read at most is in flight, a blocked reader is written nothing, and a closed stream does nothing at all', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (steps) => {
      simulate(steps);
    }),
    { numRuns: 2_000 },
  );
});

test('whatever changed is sent in the end: to a reader who takes everything, with the reads in flight and no event more', () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (steps) => {
      const simulation = simulate([...steps, 'changed']);
      if (simulation.isPossible('drained')) simulation.step('drained');
      simulation.finish();
      if (simulation.state !== 'closed') {
        expect([simulation.state, simulation.sent]).toEqual(['idle', simulation.truth]);
      }
    }),
    { numRuns: 2_000 },
  );
});

test('a stuck reader is cut, and so is one who would never receive an end', () => {
  fc.assert(
    fc.property(
      fc.array(anyEvent, { maxLength: 60 }),
      fc.constantFrom<StreamEvent>('timed_out', 'ended', 'unauthorized'),
      (steps, last) => {
        const simulation = simulate([...steps, 'filled', 'heartbeat']);
        const wasClosed = simulation.state === 'closed';
        simulation.step(last);
        expect(simulation.state).toBe('closed');
        if (!wasClosed) expect(simulation.endings).toEqual(['cut']);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('while the reader is blocked, only the permission is read: a heartbeat or change never reads a snapshot', () => {
  const simulation = simulate(['filled', 'changed', 'checked', 'heartbeat', 'changed', 'checked', 'checked']);
  expect(simulation.effects).toEqual(['start_timer', 'check', 'check', 'check']);
  simulation.step('drained');
  simulation.step('read');
  expect(simulation.effects.slice(4)).toEqual(['stop_timer', 'read', 'write_snapshot']);
});
