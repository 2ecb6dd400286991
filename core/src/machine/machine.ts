/**
 * The state of one app as a deterministic machine: a command is decided, the event it comes to is written
 * down by whoever runs the machine, and applied. No clock, no randomness, no input or output; the same events
 * make the same state. Not here: durability, and anything about several apps.
 */
import type { Audience } from '../audience.js';
import type { BadgeSettings } from '../badge.js';
import type { Command, CommandType } from '../command.js';
import type { Query, QueryResult, QueryType } from '../query.js';
import { decide } from './decide/decide.js';
import type { Decision, Known } from './decide/decision.js';
import type { Event } from './event.js';
import { evolve } from './evolve.js';
import type { MessageIds, MessageLog } from './log.js';
import { ask } from './query/ask.js';
import { type Candidates, recipients } from './query/recipients.js';
import { AppState } from './state.js';

export class Machine {
  readonly state = new AppState();
  readonly #known: Known;

  constructor(log: MessageLog, ids: MessageIds) {
    this.#known = { state: this.state, log, ids };
  }

  decide<T extends CommandType>(command: Command<T>): Decision<T> {
    return decide(this.#known, command);
  }

  /** `reference` is where the log has the event. */
  apply(event: Event, reference: number): void {
    evolve(this.state, event, reference);
  }

  /** `settings` are the app's, which are no part of the state. */
  ask<T extends QueryType>(query: Query<T>, settings: BadgeSettings): QueryResult<T> {
    return ask({ ...this.#known, settings }, query);
  }

  recipients(audience: Audience, candidates: Candidates, now: number): string[] {
    return recipients(this.state, audience, candidates, now);
  }
}
