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

/** Those of the candidates that the audience includes. */
export function recipients(
  state: AppState,
  audience: Audience,
  candidates: Candidates,
  now: number,
): string[] {
  const found: string[] = [];
  for (const user of eachRecipient(state, audience, candidates, now))
    if (user !== undefined) found.push(user);
  return found;
}

/**
 * Those of the candidates that the audience includes, one at a time. Each step is short, and yields undefined for a user who is not
 * included. The state may change between two steps. Where the audience is a conversation's, the number of steps is the
 * smaller of the number of candidates and the number of participants.
 */
export function* eachRecipient(
  state: AppState,
  audience: Audience,
  candidates: Candidates,
  now: number,
): Generator<string | undefined> {
  switch (audience.kind) {
    case 'everyone':
      yield* candidates.keys();
      break;
    case 'users':
      for (const user of new Set(audience.users)) yield candidates.has(user) ? user : undefined;
      break;
    case 'conversation':
      yield* eachParticipant(state, audience.conversation, candidates);
      break;
    case 'message':
      for (const user of eachParticipant(state, audience.conversation, candidates))
        yield user !== undefined && isMessageFor(state, user, audience, now) ? user : undefined;
      break;
    case 'announcement':
      for (const user of candidates.keys())
        yield isAnnouncementFor(state, user, audience.announcement) ? user : undefined;
      break;
  }
}

function* eachParticipant(
  state: AppState,
  id: string,
  candidates: Candidates,
): Generator<string | undefined> {
  const { conversations, participations, users } = state;
  const conversation = conversations.number(id);
  const count = conversations.participants.get(conversation);
  if (count > candidates.size) {
    for (const user of candidates.keys()) yield participation(state, user, id) === 0 ? undefined : user;
    return;
  }
  // The list of rows may change between two steps.
  const present = new Uint32Array(count);
  let next = 0;
  participations.forEachOfConversation(conversation, (row) => {
    present[next] = participations.user.get(row);
    next += 1;
  });
  for (const number of present) {
    const user = users.id(number);
    yield candidates.has(user) ? user : undefined;
  }
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
