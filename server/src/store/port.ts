/**
 * The store: every app's state, durably. An adapter keeps all of it or none: what a method answered survives
 * kill -9 and a power cut, and no answer shows what is not yet durable. Adapters are interchangeable; the
 * conformance suite says what they have in common. A refusal is a value; a rejected promise means that the
 * store cannot serve (StoreUnavailable) or has a bug.
 */
import type {
  BadgeSettings,
  ChatBadge,
  ChatEntity,
  Command,
  CommandType,
  ConversationPage,
  ConversationQuery,
  ConversationView,
  ExplainedConversation,
  Outcome,
  UserConversationView,
  UserCounts,
} from '@badged/core';

import type { AlertContent, Audience, Change, PushStore } from './push_port.js';
import type { RecordStore } from './record_port.js';

export type { ConversationPage, ConversationQuery, ExplainedConversation } from '@badged/core';

export interface Store {
  readonly apps: AppRegistry;
  readonly push: PushStore;
  readonly records: RecordStore;

  /**
   * Carries out one command, whole or not at all. Commands for one app take effect in the order in which one
   * caller issued them, also without waiting in between; that is how a batch is sent. Refused with not_found
   * if the app does not exist. With an alert, a message or an announcement that is really sent also puts one
   * row into the outbox, in the same step; a repeat does not.
   */
  execute<T extends CommandType>(app: string, command: Command<T>, alert?: AlertContent): Promise<Outcome<T>>;

  /** Told of every change on any node once it is durable, in order. Returns what ends it. */
  subscribe(listener: (change: Change) => void): () => void;

  /** Which of these users are meant now; all of them where everyone is. */
  among(app: string, audience: Audience, users: ReadonlySet<string>, now: number): Promise<readonly string[]>;

  /** The user's counts now; undefined for a user whom nobody has named. Reads no message. O(conversations). */
  badge(app: string, user: string, now: number): Promise<UserBadge | undefined>;

  /** Several users at one moment, in the order asked; undefined where unknown. */
  badges(app: string, users: readonly string[], now: number): Promise<readonly (UserBadge | undefined)[]>;

  /** Everything the badge is the sum of, at one moment; undefined for an unknown user. */
  explain(app: string, user: string, now: number): Promise<Explanation | undefined>;

  /** Undefined if it does not exist (any more). */
  conversation(app: string, id: string): Promise<ConversationView | undefined>;

  /** Undefined if it does not exist or the user takes no part in it. */
  userConversation(
    app: string,
    user: string,
    id: string,
    now: number,
  ): Promise<UserConversationView | undefined>;

  /** Newest first. Undefined for an unknown user. An unknown fromId gives an empty page. */
  userConversations(
    app: string,
    user: string,
    query: ConversationQuery,
    now: number,
  ): Promise<ConversationPage | undefined>;

  /**
   * The user's counted messages by whom they came from, newest first: the other person where exactly two take
   * part, otherwise the room. The counts sum to unreadMessageCount. Empty for an unknown user.
   */
  chatBadges(app: string, user: string, now: number): Promise<readonly ChatBadge[]>;

  /**
   * The conversations that the entity stands for, in no order, read ones included; none if it is no entity of the user's.
   * A room is found also while only two take part in it.
   */
  conversationsWith(app: string, user: string, entity: ChatEntity): Promise<readonly string[]>;

  /** Whom the user blocks, ordered by when they were blocked; undefined for an unknown user. */
  blocks(app: string, user: string): Promise<readonly string[] | undefined>;

  /** Resolves while the store can serve; rejects with StoreUnavailable, saying why, while it cannot. */
  ready(): Promise<void>;

  /** Finishes what was accepted, and lets go of everything. Later calls reject with StoreUnavailable. */
  close(): Promise<void>;
}

export interface UserBadge extends UserCounts {
  readonly settings: BadgeSettings;
}

export interface Explanation {
  readonly badge: UserBadge;
  /** Every conversation with unread messages, counted or muted, newest message first. */
  readonly conversations: readonly ExplainedConversation[];
  /** The ids of the unread announcements, oldest first. */
  readonly announcements: readonly string[];
}

/** The apps and what belongs to each, and what belongs to the service itself. Small, and seldom written. */
export interface AppRegistry {
  create(app: App): Promise<void>;
  /** Undefined if it does not exist. Answered from memory where the adapter can: it stands on every request's path. */
  get(id: string): Promise<App | undefined>;
  /** In the order in which they were created. */
  list(): Promise<readonly App[]>;
  /** Undefined if it does not exist. Changes nothing else: the next badge read uses the new settings. */
  update(id: string, change: AppChange): Promise<App | undefined>;
  /** With everything in it. False if it does not exist. */
  delete(id: string): Promise<boolean>;

  /** The token's id is unique in the service. */
  addToken(token: AppToken): Promise<void>;
  /** Stands on every request's path, like get. */
  token(id: string): Promise<AppToken | undefined>;
  tokens(app: string): Promise<readonly AppToken[]>;
  revokeToken(app: string, id: string): Promise<boolean>;

  /** A named secret of the service itself (signing key, hash of the admin token): the stored one, or this one if there was none. */
  secret(name: string, initial: Uint8Array): Promise<Uint8Array>;
}

export interface App {
  readonly id: string;
  readonly name: string;
  readonly settings: BadgeSettings;
  readonly jabberDomain: string;
  readonly createdAt: number;
}

export interface AppChange {
  readonly name?: string;
  readonly settings?: Partial<BadgeSettings>;
  readonly jabberDomain?: string;
}

export interface AppToken {
  readonly id: string;
  readonly app: string;
  /** What people call it, such as "backend". */
  readonly label: string;
  /** SHA-256 of the token's secret part; the secret itself is never stored. */
  readonly hash: Uint8Array;
  readonly createdAt: number;
}

/** The store cannot serve now: out of reach, or closing. The caller may try again. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
}
