/** Which of some users an audience includes now. */
import type { Audience } from '../push_port.js';
import { unreadAnnouncements } from './announcements.js';
import { isMuted } from './queries.js';
import { type AppState, counts, findConversation, findParticipant } from './state.js';

export function meant(state: AppState, audience: Audience, users: Iterable<string>, now: number): string[] {
  return [...new Set(users)].filter((user) => isMeant(state, audience, user, now));
}

/** The audiences of every message and announcement that was ever sent, each under its own name. */
export function sent(state: AppState): ReadonlyMap<string, Audience> {
  const all: Audience[] = state.announcements.map(({ id }) => ({ kind: 'announcement', announcement: id }));
  for (const { id: conversation, messages } of state.conversations) {
    for (const { position } of messages) all.push({ kind: 'message', conversation, position });
  }
  return new Map(all.map((audience) => [JSON.stringify(audience), audience]));
}

function isMeant(state: AppState, audience: Audience, user: string, now: number): boolean {
  switch (audience.kind) {
    case 'everyone':
      return true;
    case 'users':
      return audience.users.includes(user);
    case 'conversation':
      return findParticipant(findConversation(state, audience.conversation), user) !== undefined;
    case 'message':
      return isMessageFor(state, audience, user, now);
    case 'announcement':
      return unreadAnnouncements(state, user).some((each) => each.id === audience.announcement);
  }
}

function isMessageFor(
  state: AppState,
  { conversation: id, position }: Extract<Audience, { kind: 'message' }>,
  user: string,
  now: number,
): boolean {
  const conversation = findConversation(state, id);
  const participant = findParticipant(conversation, user);
  const message = conversation?.messages[position - 1];
  if (!participant || !message || !counts(message, participant) || isMuted(participant, now)) return false;
  return participant.level === 'all' || (participant.level === 'mentions' && message.mentions.has(user));
}
