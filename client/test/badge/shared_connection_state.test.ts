/**
 * Three tabs of one origin, a lock and their messages, in a small world of its own. Random events happen in any order;
 * after each of them, one tab at most has the lock, and each tab holds exactly what its state says.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  nextSharedState,
  type SharedEffect,
  type SharedEvent,
  type SharedState,
} from '../../src/badge/shared_connection_state.js';

class Tab {
  state: SharedState = 'asleep';
  isConnected = false;
  hasRetry = false;
  hasPatrol = false;
  isWaiting = false;
  /** What other tabs sent, not received yet. */
  readonly inbox: SharedEvent[] = [];
}

class Origin {
  readonly tabs = [new Tab(), new Tab(), new Tab()];
  holder: Tab | undefined;
  readonly queue: Tab[] = [];

  step(tab: Tab, event: SharedEvent): void {
    const before = tab.state;
    const [next, ...effects] = nextSharedState(tab.state, event);
    tab.state = next;
    for (const effect of effects) this.#execute(tab, effect);
    if (before === 'asleep' && event !== 'wake') expect([next, effects]).toEqual(['asleep', []]);
    this.#check();
  }

  grant(): void {
    const tab = this.holder === undefined ? this.queue.shift() : undefined;
    if (tab === undefined) return;
    this.holder = tab;
    this.step(tab, 'granted');
  }

  /** Other code takes the lock away, and releases it. */
  steal(): void {
    const tab = this.holder;
    this.holder = undefined;
    if (tab !== undefined) this.step(tab, 'lost');
  }

  deliverAll(): void {
    while (this.tabs.some(({ inbox }) => inbox.length > 0)) for (const tab of this.tabs) this.deliver(tab);
  }

  deliver(tab: Tab): void {
    const message = tab.inbox.shift();
    if (message !== undefined) this.step(tab, message);
  }

  #execute(tab: Tab, effect: SharedEffect): void {
    const effects: { readonly [effect in SharedEffect]: () => void } = {
      request_lock: () => {
        expect(this.queue.includes(tab) || this.holder === tab).toBe(false);
        this.queue.push(tab);
      },
      release: () => {
        this.#releaseLock(tab);
        tab.isConnected = false;
      },
      connect: () => {
        expect(tab.isConnected).toBe(false);
        tab.isConnected = true;
      },
      disconnect: () => {
        tab.isConnected = false;
      },
      sync: () => expect(tab.isConnected).toBe(true),
      ask: () => this.#ask(tab, 'asked'),
      ask_to_sync: () => this.#ask(tab, 'asked_to_sync'),
      stop_waiting: () => {
        tab.isWaiting = false;
      },
      publish: () => this.#send(tab, 'updated'),
      start_patrol: () => {
        expect(tab.hasPatrol).toBe(false);
        tab.hasPatrol = true;
      },
      start_retry: () => {
        tab.hasRetry = true;
      },
      stop_retry: () => {
        tab.hasRetry = false;
      },
      notify: () => {},
      stop: () => {
        this.#releaseLock(tab);
        Object.assign(tab, { isConnected: false, hasRetry: false, hasPatrol: false, isWaiting: false });
      },
    };
    effects[effect]();
  }

  #ask(tab: Tab, message: SharedEvent): void {
    tab.isWaiting = true;
    this.#send(tab, message);
  }

  #send(from: Tab, message: SharedEvent): void {
    for (const tab of this.tabs) if (tab !== from && tab.state !== 'asleep') tab.inbox.push(message);
  }

  #releaseLock(tab: Tab): void {
    if (this.holder === tab) this.holder = undefined;
    const position = this.queue.indexOf(tab);
    if (position >= 0) this.queue.splice(position, 1);
  }

  #check(): void {
    const withLock = this.tabs.filter(({ state }) => state === 'leading');
    expect(withLock.length).toBeLessThanOrEqual(1);
    expect(withLock[0]).toBe(this.holder);
    for (const tab of this.tabs) {
      const { state } = tab;
      expect(tab.isConnected).toBe(state === 'leading' || state === 'alone');
      expect(this.queue.filter((each) => each === tab)).toHaveLength(
        ['following', 'alone', 'following_refused'].includes(state) ? 1 : 0,
      );
      expect(tab.hasRetry).toBe(state === 'backing_off');
      expect(tab.hasPatrol).toBe(state !== 'asleep');
      if (state === 'asleep') expect(tab.isWaiting).toBe(false);
    }
  }
}

interface Action {
  readonly name: string;
  apply(origin: Origin, tab: Tab): void;
}

const actions: readonly Action[] = [
  { name: 'wake', apply: (origin, tab) => origin.step(tab, 'wake') },
  { name: 'sleep', apply: (origin, tab) => origin.step(tab, 'sleep') },
  { name: 'grant', apply: (origin) => origin.grant() },
  { name: 'deliver', apply: (origin, tab) => origin.deliver(tab) },
  { name: 'steal', apply: (origin) => origin.steal() },
  {
    name: 'refuse for now',
    apply: (origin, tab) => {
      if (tab.isConnected) origin.step(tab, 'refused_for_now');
    },
  },
  {
    name: 'refuse for good',
    apply: (origin, tab) => {
      if (tab.isConnected) origin.step(tab, 'refused_for_good');
    },
  },
  {
    name: 'retry',
    apply: (origin, tab) => {
      if (!tab.hasRetry) return;
      tab.hasRetry = false;
      origin.step(tab, 'retry');
    },
  },
  {
    name: 'unanswered',
    apply: (origin, tab) => {
      if (!tab.isWaiting) return;
      tab.isWaiting = false;
      origin.step(tab, 'unanswered');
    },
  },
  {
    name: 'patrol',
    apply: (origin, tab) => {
      if (tab.hasPatrol) origin.step(tab, 'patrol');
    },
  },
];

const isRare = ({ name }: Action) => ['sleep', 'steal', 'refuse for now', 'refuse for good'].includes(name);
const named = (action: Action) => Object.assign(action, { toString: () => action.name });
const anyAction = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...actions.filter((action) => !isRare(action)).map(named)) },
  { weight: 1, arbitrary: fc.constantFrom(...actions.filter(isRare).map(named)) },
);
const anySteps = fc.array(fc.record({ action: anyAction, tab: fc.nat({ max: 2 }) }), {
  maxLength: 80,
  size: 'max',
});
type Steps = typeof anySteps extends fc.Arbitrary<infer T> ? T : never;

function simulate(steps: Steps): Origin {
  const origin = new Origin();
  for (const { action, tab } of steps) {
    const acting = origin.tabs[tab];
    if (acting !== undefined) action.apply(origin, acting);
  }
  return origin;
}

describe('the tabs of one origin', () => {
  test('one at most has the lock, each has a stream only if its state says so, and a sleeping one holds nothing', () => {
    fc.assert(
      fc.property(anySteps, (steps) => {
        simulate(steps);
      }),
      { numRuns: 150 },
    );
  });

  test('whatever happened, once they wake and respond, exactly one has a stream, and it has the lock', () => {
    fc.assert(
      fc.property(anySteps, fc.integer({ min: 1, max: 3 }), (steps, awake) => {
        const origin = simulate(steps);
        for (const tab of origin.tabs.slice(awake)) origin.step(tab, 'sleep');
        for (const tab of origin.tabs.slice(0, awake)) origin.step(tab, 'wake');
        origin.grant();
        for (const tab of origin.tabs.slice(0, awake)) origin.step(tab, 'wake');
        origin.deliverAll();
        expect(origin.tabs.filter(({ isConnected }) => isConnected)).toEqual([origin.holder]);
        expect(origin.holder?.state).toBe('leading');
      }),
      { numRuns: 150 },
    );
  });

  test('a tab whose stream was refused opens none of its own until it wakes, however long others are silent', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<SharedState>('following_refused', 'backing_off', 'refused'),
        fc.array(
          fc.constantFrom<SharedEvent>(
            'unanswered',
            'patrol',
            'updated',
            'asked',
            'asked_to_sync',
            'retry',
            'lost',
          ),
        ),
        (first, events) => {
          let state = first;
          for (const event of events) {
            const [next, ...effects] = nextSharedState(state, event);
            expect(effects).not.toContain('connect');
            state = next;
          }
        },
      ),
    );
  });
});
