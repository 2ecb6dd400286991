/** The users whose badge an event may change. Call it before the event is applied, while users who leave are still there. */
import type { Event, Introduction } from './event.js';
import type { AppState } from './state.js';

/** Null if no badge can change. User ids, not numbers. */
export type Affected =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'users'; readonly users: readonly string[] }
  | { readonly kind: 'conversation'; readonly conversation: string }
  | null;

/** Listing this many participants takes well below a millisecond. */
const mostListed = 1_000;

export function affected(state: AppState, event: Event): Affected {
  switch (event.type) {
    case 'message':
    case 'message_deleted':
      return { kind: 'conversation', conversation: state.conversations.id(event.conversation) };
    case 'conversation_deleted':
      return participants(state, event.conversation);
    case 'conversation_changed':
      return named(event.left.map((user) => state.users.id(user)));
    case 'read':
    case 'unread':
    case 'notifications':
    case 'announcement_read':
      return named([state.users.id(event.user)]);
    case 'announcement':
      return 'position' in event.recipients
        ? { kind: 'everyone' }
        : named(idsOf(state, event, event.recipients));
    case 'external':
      return named(
        idsOf(
          state,
          event,
          event.counts.map(([user]) => user),
        ),
      );
    case 'conversation_created':
    case 'blocks':
      return null;
  }
}

function named(users: readonly string[]): Affected {
  return users.length === 0 ? null : { kind: 'users', users };
}

/** The event itself may introduce some of these users: a device can be registered before the app names its user. */
function idsOf(
  state: AppState,
  { users = [] }: { readonly users?: readonly Introduction[] },
  numbers: readonly number[],
): string[] {
  const introduced = new Map(users.map(([user, id]) => [user, id]));
  return numbers.map((user) => introduced.get(user) ?? state.users.id(user));
}

/**
 * They are no participants any more when this is used, so they are listed now. In a large conversation that would take too
 * long: then it is all users, of whom the others have the right number already.
 */
function participants({ conversations, participations, users }: AppState, conversation: number): Affected {
  if (conversations.participants.get(conversation) > mostListed) return { kind: 'everyone' };
  const ids = [...participations.ofConversation(conversation)].map((row) =>
    users.id(participations.user.get(row)),
  );
  return named(ids);
}
