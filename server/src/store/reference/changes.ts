/**
 * Notifies listeners of changes. Finds the users whose badge changed by comparing everything that adds up to every
 * user's badge before the command with the same after it. That takes long, so it happens only while there are listeners.
 */
import type { Change } from '../push_port.js';
import { unreadAnnouncements } from './announcements.js';
import { type AppState, counts } from './state.js';

export class Changes {
  private readonly listeners = new Set<(change: Change) => void>();

  get isHeard(): boolean {
    return this.listeners.size > 0;
  }

  subscribe(listener: (change: Change) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  tell(change: Change): void {
    for (const listener of this.listeners) listener(change);
  }
}

/** By user, everything that adds up to their badge, at any time: a mute is in it as it was set. */
export type Ingredients = ReadonlyMap<string, string>;

export function ingredients(state: AppState): Ingredients {
  return new Map([...state.known].map((user) => [user, ingredientsOf(state, user)]));
}

/** A user who was unknown had nothing. */
export function whoseChanged(before: Ingredients, after: Ingredients): string[] {
  const of = (some: Ingredients, user: string) => some.get(user) ?? nothing;
  return [...new Set([...before.keys(), ...after.keys()])].filter(
    (user) => of(before, user) !== of(after, user),
  );
}

const nothing = JSON.stringify([[], [], []]);

function ingredientsOf(state: AppState, user: string): string {
  const conversations = [];
  for (const { id, deleted, participants, messages } of state.conversations) {
    const participant = deleted ? undefined : participants.find((each) => each.user === user);
    if (!participant) continue;
    const unread = messages.filter((message) => counts(message, participant));
    const positions = unread.map(({ position, mentions }) => [position, mentions.has(user)]);
    if (unread.length > 0) conversations.push([id, participant.level, participant.mutedUntil, positions]);
  }
  const announcements = unreadAnnouncements(state, user).map((each) => each.id);
  return JSON.stringify([conversations, announcements, [...(state.external.get(user) ?? [])]]);
}
