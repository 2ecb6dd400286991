/**
 * The queries that an app's state supports. A query is data, as a command is, and carries the time (`now`, in
 * milliseconds since 1970) wherever its result depends on one. No query changes anything.
 */
import type { Audience } from './audience.js';
import type { ChatEntity } from './jid.js';
import type {
  ChatBadge,
  ConversationPage,
  ConversationQuery,
  ConversationView,
  Explanation,
  MessagesPage,
  MessagesQuery,
  ParticipantsPage,
  ParticipantsQuery,
  ReadableMessageView,
  UserBadge,
  UserConversationView,
} from './view.js';

export interface Queries {
  /** Reads no message. O(conversations of the user). */
  badge: { readonly user: string; readonly now: number };
  /** Several users, each as of one moment: others may be served in between. */
  badges: { readonly users: readonly string[]; readonly now: number };
  /** What adds up to the badge, all as of the same moment. Default limit: none. */
  explanation: { readonly user: string; readonly now: number; readonly limit?: number };
  conversation: { readonly conversation: string };
  user_conversation: { readonly user: string; readonly conversation: string; readonly now: number };
  participants: ParticipantsQuery;
  /** Whether there was a conversation with this id, and it was deleted. */
  is_deleted: { readonly conversation: string };
  messages: MessagesQuery;
  /** In any conversation, unless one is named; only as the participant may see it, if one is given. */
  message: { readonly message: string; readonly conversation?: string; readonly participant?: string };
  /** Newest first. */
  user_conversations: ConversationQuery & { readonly user: string; readonly now: number };
  /**
   * The user's counted messages, grouped by the other person in a conversation of exactly two participants, and by
   * the room otherwise. Newest first.
   */
  chat_badges: { readonly user: string; readonly now: number };
  /** Also finds a room that has only two participants now. Conversations without unread messages are included. */
  conversations_with: { readonly user: string; readonly entity: ChatEntity };
  blocks: { readonly user: string };
  /** Which of these users the audience includes now. */
  recipients: {
    readonly audience: Audience;
    readonly users: ReadonlySet<string>;
    readonly now: number;
  };
}

export interface QueryResults {
  /** Undefined for a user whom the app has never named. */
  badge: UserBadge | undefined;
  /** In the order of the users; undefined for an unknown user. */
  badges: readonly (UserBadge | undefined)[];
  /** Undefined for an unknown user. */
  explanation: Explanation | undefined;
  /** Undefined if it does not exist (any more). */
  conversation: ConversationView | undefined;
  /** Undefined if it does not exist or the user takes no part in it. */
  user_conversation: UserConversationView | undefined;
  /** Undefined if the conversation does not exist, or the given user takes no part in it. An unknown fromId gives an empty page. */
  participants: ParticipantsPage | undefined;
  is_deleted: boolean;
  /** Undefined if the conversation does not exist, or the given user takes no part in it. An unknown fromId gives an empty page. */
  messages: MessagesPage | undefined;
  /** Undefined if it does not exist (any more), is not for the participant to see, or is too far back. */
  message: ReadableMessageView | undefined;
  /** Undefined for an unknown user. An unknown fromId gives an empty page. */
  user_conversations: ConversationPage | undefined;
  /** The counts sum to unreadMessageCount. Empty for an unknown user. */
  chat_badges: readonly ChatBadge[];
  /** The ids of the conversations that the entity stands for, in no order; empty if the user has no such entity. */
  conversations_with: readonly string[];
  /** The users that this user blocks, in the order of blocking; undefined for an unknown user. */
  blocks: readonly string[] | undefined;
  recipients: readonly string[];
}

export type QueryType = keyof Queries;
export type Query<T extends QueryType = QueryType> = {
  [K in T]: { readonly type: K } & Queries[K];
}[T];
export type QueryResult<T extends QueryType> = QueryResults[T];
