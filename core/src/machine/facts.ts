/**
 * What a decision or a query may need of the log. The state does not hold messages, because they grow without
 * end. Deciding is pure, and may be done again: where a fact is missing, it returns what it needs as data; whoever runs the
 * machine fetches that, adds it to the facts, and asks again.
 */
import type { MessageSent } from './event.js';

/** A message and where the log has it. References are the log's own numbers, above 0. */
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

/** What was fetched. Of each, undefined is not fetched, and null is that the log has none. */
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
   * The messages that were found for a need, newest first. They may be fewer than needed: what is missing is needed
   * again, from where they end. None: the log has none there.
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

/** To be read only. */
export const noFacts: Pick<Facts, 'chosen' | 'message' | 'landing'> = new Facts();

export type ReadableFacts = typeof noFacts;
