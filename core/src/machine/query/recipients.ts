/** Which of some users an audience includes now. Alerts use it, so that no alert is shown for what was read meanwhile. */
import type { Audience } from '../../audience.js';
import * as ranges from '../../ranges.js';
import { isAcknowledged } from '../../read_state.js';
import { includes } from '../announcements.js';
import type { AppState } from '../state.js';
import { mutedUntil } from './counts.js';

/** A set of user ids, or a map by them. */
export interface Candidates {
  readonly size: number;
  has(user: string): boolean;
  keys(): Iterable<string>;
}

/** O(the smaller of the candidates and the participants), where the audience is a conversation's. */
export function recipients(
  state: AppState,
  audience: Audience,
  candidates: Candidates,
  now: number,
): string[] {
  switch (audience.kind) {
    case 'everyone':
      return [...candidates.keys()];
    case 'users':
      return [...new Set(audience.users)].filter((user) => candidates.has(user));
    case 'conversation':
      return participants(state, audience.conversation, candidates);
    case 'message': {
      const { conversation, position } = audience;
      const present = participants(state, conversation, candidates);
      return present.filter((user) => isMessageFor(state, user, { conversation, position }, now));
    }
    case 'announcement':
      return [...candidates.keys()].filter((user) => isAnnouncementFor(state, user, audience.announcement));
  }
}

function participants(state: AppState, id: string, candidates: Candidates): string[] {
  const { conversations, participations, users } = state;
  const conversation = conversations.number(id);
  if (conversations.participants.get(conversation) > candidates.size)
    return [...candidates.keys()].filter((user) => participation(state, user, id) !== 0);
  return [...participations.ofConversation(conversation)]
    .map((row) => users.id(participations.user.get(row)))
    .filter((user) => candidates.has(user));
}

/** The row of a participant; 0 if the user is not a participant. */
function participation(state: AppState, user: string, conversation: string): number {
  const number = state.users.number(user);
  const found = state.conversations.number(conversation);
  return number === 0 || found === 0 ? 0 : state.participations.find(found, number);
}

/** Whether the message is unread for them and their notification level lets it through. */
function isMessageFor(
  state: AppState,
  user: string,
  message: { readonly conversation: string; readonly position: number },
  now: number,
): boolean {
  const { participations, conversations } = state;
  const { position } = message;
  const row = participation(state, user, message.conversation);
  const conversation = participations.conversation.get(row);
  if (row === 0 || position > conversations.head.get(conversation)) return false;
  if (isAcknowledged(participations.read(row), position)) return false;
  if (ranges.contains(conversations.uncounted(conversation), position)) return false;
  if (mutedUntil(state, row, now) !== null) return false;
  const level = participations.level(row);
  return level === 'all' || (level === 'mentions' && participations.mentions(row).includes(position));
}

function isAnnouncementFor({ users, announcements }: AppState, user: string, id: string): boolean {
  const number = users.number(user);
  const announcement = announcements.number(id);
  const recipients = announcements.get(announcement)?.recipients;
  if (number === 0 || recipients === undefined) return false;
  if (!('position' in recipients))
    return includes(recipients, number) && users.named(number).includes(announcement);
  return !isAcknowledged(users.announced(number), recipients.position);
}
