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

export function isNeeds(value: unknown): value is Needs {
  return typeof value === 'object' && value !== null && 'needs' in value;
}

interface Landing {
  readonly to: number;
  readonly found: LoggedMessage;
}

/** What was fetched. For each fact, undefined means not fetched, and null means that the log has none. */
export class Facts {
  #chosen: Map<string, LoggedMessage | null> | undefined;
  #messages: Map<number, MessageSent | null> | undefined;
  #landings: Map<number, Landing | null> | undefined;
  #dropped: Map<string, number> | undefined;
  #read = 0;

  /** How many messages were read of the log for these facts: what they cost. */
  get read(): number {
    return this.#read;
  }

  chosen(id: string): LoggedMessage | null | undefined {
    return this.#chosen?.get(id);
  }

  message(reference: number): MessageSent | null | undefined {
    return this.#messages?.get(reference);
  }

  landing(from: number, to: number): LoggedMessage | null | undefined {
    const landing = this.#landings?.get(from);
    if (landing === undefined || landing === null) return landing;
    // A walk to a lower position may have passed this one.
    return landing.to === to || landing.found.message.position >= to ? landing.found : undefined;
  }

  /** When the message at this position was sent; undefined if that is not known yet. */
  sentAt(_conversation: number, _position: number): number | undefined {
    return undefined;
  }

  setChosen(id: string, found: LoggedMessage | null): void {
    this.#read += 1;
    this.#chosen ??= new Map();
    this.#chosen.set(id, found);
  }

  /** There was a message with this id at the reference. The log has dropped it, so it counts as none. */
  setDropped(id: string, reference: number): void {
    this.setChosen(id, null);
    this.#dropped ??= new Map();
    this.#dropped.set(id, reference);
  }

  /** The reference at which the log no longer has the message with this id; undefined if that is not known. */
  droppedAt(id: string): number | undefined {
    return this.#dropped?.get(id);
  }

  /**
   * The messages that were found for a need, newest first. There may be fewer than needed: the rest is then needed
   * again, from where these end. An empty list means that the log has none there.
   */
  add(need: Exclude<Need, { readonly kind: 'chosen_id' }>, found: readonly LoggedMessage[]): void {
    this.#read += found.length;
    if (need.kind === 'landing') {
      this.#landings ??= new Map();
      const last = found.at(-1);
      this.#landings.set(need.from, last === undefined ? null : { to: need.to, found: last });
      return;
    }
    this.#messages ??= new Map();
    if (found.length === 0) this.#messages.set(need.from, null);
    for (const { reference, message } of found) this.#messages.set(reference, message);
  }
}

/** Read-only. */
export const noFacts: Pick<Facts, 'chosen' | 'message' | 'landing' | 'sentAt'> = new Facts();

export type ReadableFacts = typeof noFacts;
