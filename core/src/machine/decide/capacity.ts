/**
 * Refuses commands for which there is no room, before their events exist: an event that cannot be applied would be in the
 * log for ever, and each start would fail at it.
 */
import { type Refusal, refuse } from '../../refusal.js';
import type { Event } from '../event.js';
import type { AppState } from '../state.js';

/** Why the event may not be; undefined if there is room for it. */
export function checkCapacity(state: AppState, event: Event): Refusal | undefined {
  const more = growthOf(event);
  if (more === undefined) return undefined;
  const { capacity, users, conversations, participations, announcements } = state;
  const pressure = capacity.memoryPressure();
  if (pressure === 'messages' || (pressure === 'growth' && more.isLasting)) return memoryIsShort;
  if (more.users > 0 && (users.count + more.users > capacity.users || !users.hasRoomFor(more.users)))
    return isFull('users', capacity.users);
  if (more.conversations > 0 && (conversations.count >= capacity.conversations || !conversations.hasRoom))
    return isFull('conversations', capacity.conversations);
  if (more.participations > 0 && participations.rows + more.participations > capacity.participations)
    return isFull('participants in all conversations', capacity.participations);
  if (more.announcements > 0 && (announcements.count >= capacity.announcements || !announcements.hasRoom))
    return isFull('announcements', capacity.announcements);
  return undefined;
}

interface Growth {
  readonly users: number;
  readonly conversations: number;
  readonly participations: number;
  readonly announcements: number;
  /** Not only by the few bytes that a message may take. */
  readonly isLasting: boolean;
}

const none: Growth = { users: 0, conversations: 0, participations: 0, announcements: 0, isLasting: true };
const aMessage: Growth = { ...none, isLasting: false };

/** Undefined for an event that needs no more room than what it replaces. */
function growthOf(event: Event): Growth | undefined {
  const users = 'users' in event ? (event.users?.length ?? 0) : 0;
  switch (event.type) {
    case 'conversation_created':
      return { ...none, users, conversations: 1, participations: event.participants.length };
    case 'conversation_changed':
      if (event.joined.length === 0 && event.metadata === undefined) return undefined;
      return { ...none, users, participations: event.joined.length };
    case 'announcement':
      return { ...none, users, announcements: 1 };
    case 'message':
      return users === 0 ? aMessage : { ...none, users };
    default:
      return users === 0 ? undefined : { ...none, users };
  }
}

const memoryIsShort = refuse(
  'insufficient_storage',
  'The server is at its memory budget. It counts what there is, and accepts receipts, but nothing that takes more memory. ' +
    'Delete conversations, or give it more memory and a higher --memory-budget. Then send the request again.',
);

function isFull(what: string, most: number): Refusal {
  return refuse(
    'insufficient_storage',
    `An app may have ${most} ${what}. Delete what is not needed, or use another app for others.`,
  );
}
