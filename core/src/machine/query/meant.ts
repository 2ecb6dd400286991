/** Whom something is for, at this moment: for alerts, which should not ring for what was read meanwhile. */
import * as ranges from '../../ranges.js';
import { isAcknowledged } from '../../read_state.js';
import { includes } from '../announcements.js';
import type { AppState } from '../state.js';
import { mutedUntil } from './counts.js';

/** In a conversation, whoever takes part; 0 is no row. */
export function participation(state: AppState, user: string, conversation: string): number {
  const number = state.users.number(user);
  const found = state.conversations.number(conversation);
  return number === 0 || found === 0 ? 0 : state.participations.find(found, number);
}

/** Whether the message is unread for them and their notification level lets it through. */
export function isMessageFor(state: AppState, row: number, position: number, now: number): boolean {
  const { participations, conversations } = state;
  const conversation = participations.conversation.get(row);
  if (position > conversations.head.get(conversation)) return false;
  if (isAcknowledged(participations.read(row), position)) return false;
  if (ranges.contains(conversations.voids(conversation), position)) return false;
  if (mutedUntil(state, row, now) !== null) return false;
  const level = participations.level(row);
  return level === 'all' || (level === 'mentions' && participations.mentions(row).includes(position));
}

export function isAnnouncementFor({ users, announcements }: AppState, user: string, id: string): boolean {
  const number = users.number(user);
  const announcement = announcements.number(id);
  const recipients = announcements.get(announcement)?.recipients;
  if (number === 0 || recipients === undefined) return false;
  if (!('position' in recipients))
    return includes(recipients, number) && users.named(number).includes(announcement);
  return !isAcknowledged(users.announced(number), recipients.position);
}
