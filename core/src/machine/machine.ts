/**
 * The state of one app as a deterministic machine: a command is decided, and the caller
 * stores the resulting event and applies it. No clock, no randomness, no input or output; the same events
 * make the same state. Not here: durability, and anything about several apps.
 */
import type { Audience } from '../audience.js';
import type { BadgeSettings } from '../badge.js';
import type { Command, CommandType } from '../command.js';
import type { Query, QueryType } from '../query.js';
import { BadgeSums } from './badge_sums.js';
import type { Capacity } from './capacity.js';
import { decide } from './decide/decide.js';
import type { Decision } from './decide/decision.js';
import type { Event } from './event.js';
import { evolve } from './evolve.js';
import { noFacts, type ReadableFacts } from './facts.js';
import type { MessageIds } from './message_ids.js';
import type { HashKey } from './participant_sets.js';
import { ask, type Reply } from './query/ask.js';
import { type Candidates, eachRecipient } from './query/recipients.js';
import { AppState } from './state.js';

export interface MachineOptions {
  readonly sums?: BadgeSums;
  /** What the app may grow to. Default: what the state can hold. */
  readonly capacity?: Partial<Capacity>;
}

export class Machine {
  readonly state: AppState;
  readonly #ids: MessageIds;
  /** Derived from the state. */
  readonly #sums: BadgeSums;

  /** The key is secret and need not stay the same: no event and no result depends on it. */
  constructor(ids: MessageIds, hashKey: HashKey, { sums = new BadgeSums(), capacity }: MachineOptions = {}) {
    this.#ids = ids;
    this.#sums = sums;
    this.state = new AppState(hashKey, sums, capacity);
  }

  /** Returns needs if the facts are not enough: call it again with more facts. */
  decide<T extends CommandType>(command: Command<T>, facts: ReadableFacts = noFacts): Decision<T> {
    return decide({ state: this.state, ids: this.#ids, facts }, command);
  }

  /** `reference` is the event's number in the log. */
  apply(event: Event, reference: number): void {
    evolve(this.state, event, reference);
  }

  /**
   * Deleting a conversation takes the same short time at any size: call this afterwards, from time to time, until it
   * returns false. It frees the memory of up to so many participants, and marks their rows for the next checkpoint.
   */
  release(rows: number): boolean {
    return this.state.release(rows);
  }

  /** `settings` are the app's; they are not part of the state. Returns needs as `decide` does. */
  ask<T extends QueryType>(
    query: Query<T>,
    settings: BadgeSettings,
    facts: ReadableFacts = noFacts,
  ): Reply<T> {
    return ask({ state: this.state, ids: this.#ids, facts, settings, sums: this.#sums }, query);
  }

  /** Those of the candidates that the audience includes, one short step at a time: query/recipients.ts. */
  eachRecipient(audience: Audience, candidates: Candidates, now: number): Generator<string | undefined> {
    return eachRecipient(this.state, audience, candidates, now);
  }
}
