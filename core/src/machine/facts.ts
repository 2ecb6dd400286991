/**
 * What a decision or a query may need from the log. The state holds no messages, because their number grows without
 * end. Deciding is pure and can run again: if a fact is missing, it returns what it needs as data. The caller fetches
 * that, adds it to the facts, and calls again.
 */
import type { MessageSent } from './event.js';

/** A message and its reference: the number of its event in the log, above 0. */
export interface LoggedMessage {
  readonly reference: number;
  readonly message: MessageSent;
}

export type Need =
  /** The message whose id its caller chose. */
  | { readonly kind: 'chosen_id'; readonly id: string }
  /** The messages from the reference back, by their `previous`, until one is at or below the position. */
  | { readonly kind: 'messages'; readonly from: number; readonly to: number }
  /** Of the same messages only the last one. */
  | { readonly kind: 'landing'; readonly from: number; readonly to: number };

export interface Needs {
  readonly needs: readonly Need[];
}

export function needs(...all: readonly Need[]): Needs {
  return { needs: all };
}

export function isNeeds(value: object | null | undefined): value is Needs {
  return value !== null && value !== undefined && 'needs' in value;
}

/** What was fetched. For each fact, undefined means not fetched, and null means that the log has none. */
export class Facts {
  #chosen: Map<string, LoggedMessage | null> | undefined;
  #messages: Map<number, MessageSent | null> | undefined;
  #landings: Map<number, LoggedMessage | null> | undefined;

  chosen(id: string): LoggedMessage | null | undefined {
    return this.#chosen?.get(id);
  }

  message(reference: number): MessageSent | null | undefined {
    return this.#messages?.get(reference);
  }

  landing(from: number): LoggedMessage | null | undefined {
    return this.#landings?.get(from);
  }

  setChosen(id: string, found: LoggedMessage | null): void {
    this.#chosen ??= new Map();
    this.#chosen.set(id, found);
  }

  /**
   * The messages that were found for a need, newest first. There may be fewer than needed: the rest is then needed
   * again, from where these end. An empty list means that the log has none there.
   */
  add(need: Exclude<Need, { readonly kind: 'chosen_id' }>, found: readonly LoggedMessage[]): void {
    if (need.kind === 'landing') {
      this.#landings ??= new Map();
      this.#landings.set(need.from, found.at(-1) ?? null);
      return;
    }
    this.#messages ??= new Map();
    if (found.length === 0) this.#messages.set(need.from, null);
    for (const { reference, message } of found) this.#messages.set(reference, message);
  }
}

/** Read-only. */
export const noFacts: Pick<Facts, 'chosen' | 'message' | 'landing'> = new Facts();

export type ReadableFacts = typeof noFacts;
