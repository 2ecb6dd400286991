/** The queries, in the reference: one function for each type. An app that does not exist has no users and no conversations. */
import type { Query, QueryResult, QueryType } from '@badged/core';
import { meant } from './audience.js';
import { chatBadges, conversationsWith } from './chat_badges.js';
import { messagesPage, readableMessage } from './message_reads.js';
import * as queries from './queries.js';
import type { AppState } from './state.js';

type State = AppState | undefined;

const askers: { readonly [T in QueryType]: (state: State, query: Query<T>) => QueryResult<T> } = {
  badge: (state, { user, now }) => state && queries.badge(state, user, now),
  badges: (state, { users, now }) => users.map((user) => state && queries.badge(state, user, now)),
  explanation: (state, { user, now, limit }) => state && queries.explain(state, user, now, limit),
  conversation: (state, { conversation }) => state && queries.conversation(state, conversation),
  user_conversation: (state, { user, conversation, now }) =>
    state && queries.userConversation(state, user, conversation, now),
  participants: (state, query) => state && queries.participants(state, query),
  is_deleted: (state, { conversation }) =>
    state?.conversations.some((each) => each.id === conversation && each.deleted) ?? false,
  messages: (state, query) => state && messagesPage(state, query),
  message: (state, query) => state && readableMessage(state, query),
  user_conversations: (state, { user, now, ...page }) =>
    state && queries.userConversations(state, user, page, now),
  chat_badges: (state, { user, now }) => (state ? chatBadges(state, user, now) : []),
  conversations_with: (state, { user, entity }) => (state ? conversationsWith(state, user, entity) : []),
  blocks: (state, { user }) => state && queries.blocks(state, user),
  recipients: (state, { audience, users, now }) => (state ? meant(state, audience, users, now) : []),
};

export function ask<T extends QueryType>(state: State, query: Query<T>): QueryResult<T> {
  const type: T = query.type;
  return askers[type](state, query);
}
