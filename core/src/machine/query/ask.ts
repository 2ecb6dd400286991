/** Executes a query on the state of one app: one function for each type of query. */
import type { BadgeSettings } from '../../badge.js';
import type { Query, QueryResult, QueryType } from '../../query.js';
import type { Explanation, UserBadge } from '../../view.js';
import type { BadgeSums } from '../badge_sums.js';
import type { DecisionContext } from '../decide/decision.js';
import { isNeeds, type Needs } from '../facts.js';
import { chatBadges, conversationsWith } from './chat_badges.js';
import { conversationPage, conversationView, userConversationView } from './conversations.js';
import { unreadAnnouncements, userCounts } from './counts.js';
import { explainCounts } from './explain.js';
import { messagesPage, readableMessage } from './messages.js';
import { participantsPage } from './participants.js';
import { recipients } from './recipients.js';

/** What a query may read: the state, the app's settings, which are not part of the state, and sums derived from it. */
export interface QueryContext extends DecisionContext {
  readonly settings: BadgeSettings;
  readonly sums: BadgeSums;
}

/** The result, or what the query needs from the log first. */
export type Reply<T extends QueryType> =
  | (Needs & { readonly result?: never })
  | { readonly needs?: never; readonly result: QueryResult<T> };

const askers: {
  readonly [T in QueryType]: (context: QueryContext, query: Query<T>) => QueryResult<T> | Needs;
} = {
  badge: (context, { user, now }) => userBadge(context, user, now),
  badges: (context, { users, now }) => users.map((user) => userBadge(context, user, now)),
  explanation,
  conversation({ state }, { conversation: id }) {
    const conversation = state.conversations.number(id);
    return state.conversations.exists(conversation) ? conversationView(state, conversation) : undefined;
  },
  user_conversation(context, { user: id, conversation, now }) {
    const { users, conversations, participations } = context.state;
    const user = users.number(id);
    const row = user === 0 ? 0 : participations.find(conversations.number(conversation), user);
    return row === 0 ? undefined : userConversationView(context, row, now);
  },
  participants: ({ state }, query) => participantsPage(state, query),
  is_deleted({ state: { conversations } }, { conversation: id }) {
    const conversation = conversations.number(id);
    return conversation !== 0 && !conversations.exists(conversation);
  },
  messages: messagesPage,
  message: readableMessage,
  user_conversations(context, query) {
    const user = context.state.users.number(query.user);
    return user === 0 ? undefined : conversationPage(context, user, query, query.now);
  },
  chat_badges(context, { user: id, now }) {
    const user = context.state.users.number(id);
    return user === 0 ? [] : chatBadges(context, user, now);
  },
  conversations_with({ state }, { user: id, entity }) {
    const user = state.users.number(id);
    return user === 0 ? [] : conversationsWith(state, user, entity);
  },
  blocks({ state: { users } }, { user: id }) {
    const user = users.number(id);
    return user === 0 ? undefined : [...users.blocked(user)].map((blocked) => users.id(blocked));
  },
  recipients: ({ state }, { audience, users, now }) => recipients(state, audience, users, now),
};

export function ask<T extends QueryType>(context: QueryContext, query: Query<T>): Reply<T> {
  const type: T = query.type;
  const result = askers[type](context, query);
  return isNeeds(result) ? result : { result };
}

function userBadge({ state, settings, sums }: QueryContext, id: string, now: number): UserBadge | undefined {
  const user = state.users.number(id);
  if (user === 0) return undefined;
  return { ...userCounts(state, user, sums.read(state, user, now)), settings };
}

function explanation(
  { state, settings }: QueryContext,
  { user: id, now, limit = Number.POSITIVE_INFINITY }: Query<'explanation'>,
): Explanation | undefined {
  const user = state.users.number(id);
  if (user === 0) return undefined;
  const { counts, conversations, more } = explainCounts(state, user, now, limit);
  const announcements = unreadAnnouncements(state, user, limit);
  return {
    badge: { ...counts, settings },
    conversations,
    more,
    announcements: announcements.map((announcement) => state.announcements.get(announcement)?.id ?? ''),
  };
}

const absent: { readonly [T in QueryType]: (query: Query<T>) => QueryResult<T> } = {
  badge: () => undefined,
  badges: ({ users }) => users.map(() => undefined),
  explanation: () => undefined,
  conversation: () => undefined,
  user_conversation: () => undefined,
  participants: () => undefined,
  is_deleted: () => false,
  messages: () => undefined,
  message: () => undefined,
  user_conversations: () => undefined,
  chat_badges: () => [],
  conversations_with: () => [],
  blocks: () => undefined,
  recipients: () => [],
};

/** The result in an app that does not exist. */
export function askAbsent<T extends QueryType>(query: Query<T>): QueryResult<T> {
  const type: T = query.type;
  return absent[type](query);
}
