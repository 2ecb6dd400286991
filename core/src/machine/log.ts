/**
 * What the state does not keep in memory, because it grows with every message: who sent what. The store that
 * runs the state answers from its journal. References are the journal's own row numbers, above 0.
 */
import type { MessageSent } from './event.js';

export interface MessageLog {
  /** The message at a reference; undefined if the journal does not go back so far. */
  at(reference: number): MessageSent | undefined;
  /** Where the message is whose id the caller chose; undefined if there is none. */
  find(id: string): number | undefined;
}

/** The ids of messages whose callers chose none: they carry conversation and position, so none is looked up. */
export interface MessageIds {
  make(conversation: number, position: number): string;
  /** Undefined for an id that this app did not make. */
  parse(id: string): { readonly conversation: number; readonly position: number } | undefined;
}
