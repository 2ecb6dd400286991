/**
 * The commands that change an app's state, and their results. A command carries every id and time it needs:
 * the caller makes these, because deciding a command is deterministic. Times are milliseconds since 1970. Ids of users and
 * conversations are any text within the limits; those of messages and announcements are UUIDs. UUIDs are in
 * lower case, so that each has one spelling.
 */
import type { NotificationLevel } from './badge.js';
import type { Metadata, MetadataValue } from './metadata.js';
import type { Refusal } from './refusal.js';
import type { AnnouncementView, ConversationView, MessageView, Sender } from './view.js';

/**
 * The id that a caller chose for what it creates. A retry with the same id returns what the first call created.
 * A fingerprint is 32 bits over the content, not 0. A retry with a different fingerprint is refused as id_in_use.
 */
export interface Identified {
  readonly id: string;
  readonly fingerprint?: number;
}

export interface Commands {
  create_conversation: Identified & {
    readonly participants: readonly string[];
    readonly distinct: boolean;
    readonly metadata: Metadata | null;
    readonly at: number;
  };
  /** Applies as a whole or not at all. */
  change_conversation: {
    readonly conversation: string;
    readonly operations: readonly ConversationOperation[];
  };
  delete_conversation: { readonly conversation: string };
  /** Without an identity, the store makes the message's id. */
  send_message: {
    readonly conversation: string;
    readonly identity?: Identified;
    readonly sender: Sender;
    readonly mentions: readonly string[];
    /** A silent message counts for no participant. */
    readonly silent: boolean;
    readonly at: number;
  };
  /** If a conversation is given, the message must be in it. */
  delete_message: { readonly conversation?: string; readonly message: string };
  read_message: { readonly user: string; readonly message: string };
  /** A delivery receipt: refused like a read receipt, but changes nothing. */
  deliver_message: { readonly user: string; readonly message: string };
  /** Several conversations are read in one step, each up to a position (default: its head). */
  mark_all_read: {
    readonly user: string;
    readonly conversations: readonly { readonly conversation: string; readonly position?: number }[];
  };
  /** The messages at or above the position (≥ 1) count again. */
  mark_unread: { readonly user: string; readonly conversation: string; readonly position: number };
  set_notifications: {
    readonly user: string;
    readonly conversation: string;
    readonly level: NotificationLevel;
    /** Until this time no message counts, whatever the level. Null: not muted. */
    readonly mutedUntil: number | null;
  };
  announce: Identified & { readonly recipients: readonly string[] | 'everyone'; readonly at: number };
  read_announcement: { readonly user: string; readonly announcement: string };
  deliver_announcement: { readonly user: string; readonly announcement: string };
  change_blocks: { readonly owner: string; readonly operations: readonly BlockOperation[] };
  /** Makes unknown users known. The name '' is the unnamed count. A count of null removes the name. */
  set_external: {
    readonly counts: readonly {
      readonly user: string;
      readonly name: string;
      readonly count: number | null;
    }[];
  };
}

export type ConversationOperation =
  | { readonly operation: 'add' | 'remove'; readonly property: 'participants'; readonly user: string }
  | { readonly operation: 'set'; readonly property: 'participants'; readonly users: readonly string[] }
  | {
      readonly operation: 'set';
      readonly property: 'metadata';
      readonly path: readonly string[];
      readonly value: MetadataValue;
    }
  | { readonly operation: 'delete'; readonly property: 'metadata'; readonly path: readonly string[] };

export type BlockOperation =
  | { readonly operation: 'add' | 'remove'; readonly user: string }
  | { readonly operation: 'set'; readonly users: readonly string[] };

export interface Results {
  /** created is false if the conversation existed already: a distinct one, or one from a retry. */
  create_conversation: { readonly created: boolean; readonly conversation: ConversationView };
  change_conversation: null;
  delete_conversation: null;
  send_message: MessageView;
  delete_message: null;
  read_message: null;
  deliver_message: null;
  mark_all_read: null;
  mark_unread: null;
  set_notifications: null;
  announce: AnnouncementView;
  read_announcement: null;
  deliver_announcement: null;
  change_blocks: null;
  set_external: null;
}

export type CommandType = keyof Commands;
export type Command<T extends CommandType = CommandType> = {
  [K in T]: { readonly type: K } & Commands[K];
}[T];
export type Outcome<T extends CommandType = CommandType> =
  | { readonly refusal: Refusal; readonly value?: never }
  | { readonly refusal?: never; readonly value: Results[T] };
