/** The results of queries about an app's state. Every store returns the same shapes. Times are milliseconds since 1970. */
import type { BadgeCounts, BadgeSettings, NotificationLevel } from './badge.js';
import type { ChatEntity } from './jid.js';
import type { Metadata } from './metadata.js';

/** A user, or the name of a system sender. A system sender's messages count for every participant. */
export type Sender = { readonly userId: string } | { readonly name: string };

export interface UserCounts extends BadgeCounts {
  /** The external counts by name; '' is the unnamed one. Their sum is externalUnreadCount. */
  readonly external: Readonly<Record<string, number>>;
}

export interface UserBadge extends UserCounts {
  readonly settings: BadgeSettings;
}

export interface Explanation {
  readonly badge: UserBadge;
  /** Conversations with unread messages, counted or muted, newest message first: as many as the query's limit. */
  readonly conversations: readonly ExplainedConversation[];
  /** The sums over the other conversations with unread messages. */
  readonly more: {
    readonly conversationCount: number;
    /** Those of them that the badge counts. */
    readonly countedConversationCount: number;
    readonly unreadMessageCount: number;
    readonly badgeCount: number;
  };
  /** The ids of the newest unread announcements, oldest first: as many as the query's limit. */
  readonly announcements: readonly string[];
}

export interface ConversationView {
  readonly id: string;
  readonly createdAt: number;
  readonly distinct: boolean;
  readonly metadata: Metadata;
  readonly participantCount: number;
  /**
   * Those who joined before a message come before those who joined after it; otherwise in the order in which the app first
   * named these users. Null for more than `limits.participantsInView`.
   */
  readonly participants: readonly string[] | null;
}

/** A conversation as one participant sees it. */
export interface UserConversationView extends ConversationView {
  readonly unreadMessageCount: number;
  /** How many of the unread messages the badge counts: all, those that mention the user, or (muted) none. */
  readonly badgeCount: number;
  readonly level: NotificationLevel;
  /** Null once it has passed. */
  readonly mutedUntil: number | null;
  /** The newest message that is not deleted, of those since the user joined. */
  readonly lastMessage: LastMessageView | null;
}

export interface LastMessageView {
  readonly id: string;
  readonly position: number;
  readonly sender: Sender;
  readonly sentAt: number;
  readonly isUnread: boolean;
}

export interface MessageView {
  readonly id: string;
  readonly conversation: string;
  readonly position: number;
  readonly sender: Sender;
  readonly sentAt: number;
  /** Null in a conversation of more participants than limits.recipientStatusParticipants. */
  readonly recipientStatus: { readonly [user: string]: 'sent' | 'read' } | null;
}

/** A message that is read later. `recipientStatus` is as of now. */
export interface ReadableMessageView extends MessageView {
  /** Whether it is unread for the participant who reads; null if the app reads. */
  readonly isUnread: boolean | null;
}

export interface MessagesQuery {
  readonly conversation: string;
  /** If given, only messages since this user joined; none if they take no part. */
  readonly participant?: string;
  /** The page starts after this message: with the next older one. */
  readonly fromId?: string;
  readonly limit: number;
}

export interface MessagesPage {
  /** How many messages there are on all pages, also those that are too far back to be read. */
  readonly total: number;
  /** Newest first, and none below the last `limits.lookBackMessages` positions. */
  readonly messages: readonly ReadableMessageView[];
}

export interface AnnouncementView {
  readonly id: string;
  readonly sentAt: number;
}

export interface ExplainedConversation {
  readonly id: string;
  readonly head: number;
  readonly joined: number;
  readonly cursor: number;
  /**
   * Disjoint intervals above the cursor, both ends included, that do not count: [from, to, from, to, …]. The first
   * `limits.explainedIntervals` of them.
   */
  readonly acknowledged: readonly number[];
  /** How many positions are in all of these intervals. */
  readonly acknowledgedCount: number;
  /** Messages above the cursor that count for no participant: deleted or silent. */
  readonly uncounted: number;
  readonly unreadMessageCount: number;
  readonly badgeCount: number;
  readonly level: NotificationLevel;
  readonly mutedUntil: number | null;
}

/** The counted messages of one entity. There is at least one. */
export interface ChatBadge {
  readonly entity: ChatEntity;
  /** The sum of the badgeCount of the conversations that the entity stands for. */
  readonly unreadCount: number;
  /** When the newest of the counted messages was sent. */
  readonly newestUnreadAt: number;
}

export interface ParticipantsQuery {
  readonly conversation: string;
  /** If given, the conversation is found only if this user takes part in it. */
  readonly participant?: string;
  /** The page starts after this user, who need not take part any more. */
  readonly fromId?: string;
  readonly limit: number;
}

export interface ParticipantsPage {
  /** How many participants there are on all pages. */
  readonly total: number;
  /** In the order in which the app first named these users. */
  readonly participants: readonly string[];
}

export interface ConversationQuery {
  readonly sortBy: 'created_at' | 'last_message';
  /** The page starts after this conversation. */
  readonly fromId?: string;
  readonly limit: number;
  readonly unreadOnly: boolean;
}

export interface ConversationPage {
  /** How many conversations there are on all pages. */
  readonly total: number;
  readonly conversations: readonly UserConversationView[];
}
