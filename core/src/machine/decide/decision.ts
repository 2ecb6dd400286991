/** The decision on a command, before anything changes; or what it needs from the log first. */
import type { CommandType, Results } from '../../command.js';
import type { Refusal } from '../../refusal.js';
import type { Event, Introduction } from '../event.js';
import type { Needs, ReadableFacts } from '../facts.js';
import type { MessageIds } from '../message_ids.js';
import type { AppState } from '../state.js';

export type Decision<T extends CommandType> =
  | Needs
  | { readonly needs?: never; readonly refusal: Refusal }
  | {
      readonly needs?: never;
      readonly refusal?: never;
      /** The event to store and apply; null if nothing changes. */
      readonly event: Event | null;
      /** Returns the result. Call it after the event is applied. */
      readonly result: () => Results[T];
    };

/** What a decision may read. */
export interface DecisionContext {
  readonly state: AppState;
  readonly facts: ReadableFacts;
  readonly ids: MessageIds;
}

export function done(event: Event | null): { readonly event: Event | null; readonly result: () => null } {
  return { event, result: () => null };
}

/** Numbers for user ids: those of known users, and the next free numbers for users this command names first. */
export class Naming {
  readonly #state: AppState;
  readonly #introduced = new Map<string, number>();
  readonly #ids: string[] = [];

  constructor(state: AppState) {
    this.#state = state;
  }

  number(id: string): number {
    const known = this.find(id);
    if (known !== 0) return known;
    const next = this.#state.users.count + this.#introduced.size + 1;
    this.#introduced.set(id, next);
    this.#ids.push(id);
    return next;
  }

  /** The number of a known or introduced user; 0 for any other id. */
  find(id: string): number {
    return this.#state.users.number(id) || (this.#introduced.get(id) ?? 0);
  }

  id(user: number): string {
    if (user <= this.#state.users.count) return this.#state.users.id(user);
    return this.#ids[user - this.#state.users.count - 1] ?? '';
  }

  /**
   * The numbers of these users, and the introductions of those who are new. Others that were numbered are not introduced:
   * those that are get the next free numbers, without gaps.
   */
  only(users: Iterable<number>): {
    readonly numbers: readonly number[];
    readonly introductions: { readonly users?: readonly Introduction[] };
  } {
    const { count } = this.#state.users;
    const position = this.#state.announcements.everyone;
    const introduced: Introduction[] = [];
    const numbers: number[] = [];
    // A new user may be named twice, such as one who blocks themselves.
    const renumbered = new Map<number, number>();
    for (const user of users) {
      let number = user > count ? renumbered.get(user) : user;
      if (number === undefined) {
        number = count + introduced.length + 1;
        renumbered.set(user, number);
        introduced.push([number, this.id(user), position]);
      }
      numbers.push(number);
    }
    return { numbers, introductions: introduced.length === 0 ? {} : { users: introduced } };
  }

  /** The caller spreads this into the event. */
  get introductions(): { readonly users?: readonly Introduction[] } {
    if (this.#introduced.size === 0) return {};
    const position = this.#state.announcements.everyone;
    return { users: [...this.#introduced].map(([id, number]) => [number, id, position] as const) };
  }
}
