/** Whose badge an event may change: to be asked before it is applied, while those who leave are still there. */
import type { Event } from './event.js';
import type { AppState } from './state.js';

/** Null where no badge can change. Ids, as the outside knows them. */
export type Affected =
  | { readonly kind: 'everyone' }
  | { readonly kind: 'users'; readonly users: readonly string[] }
  | { readonly kind: 'conversation'; readonly conversation: string }
  | null;

export function affected(state: AppState, event: Event): Affected {
  switch (event.type) {
    case 'message':
    case 'message_deleted':
      return { kind: 'conversation', conversation: state.conversations.id(event.conversation) };
    case 'conversation_deleted':
      return users(state, participants(state, event.conversation));
    case 'conversation_changed':
      return users(state, event.left);
    case 'read':
    case 'unread':
    case 'notifications':
    case 'announcement_read':
      return users(state, [event.user]);
    case 'announcement':
      return 'position' in event.recipients ? { kind: 'everyone' } : users(state, event.recipients);
    case 'external':
      return users(
        state,
        event.counts.map(([user]) => user),
      );
    case 'conversation_created':
    case 'blocks':
      return null;
  }
}

/** Those whom the event itself introduces have no device and no open stream yet; they have no id here either. */
function users(state: AppState, numbers: readonly number[]): Affected {
  const ids = numbers.map((user) => state.users.id(user)).filter((id) => id !== '');
  return ids.length === 0 ? null : { kind: 'users', users: ids };
}

function participants({ participations }: AppState, conversation: number): number[] {
  return [...participations.ofConversation(conversation)].map((row) => participations.user.get(row));
}
