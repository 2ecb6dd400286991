/**
 * What happened: an accepted command with everything resolved, so that applying it needs no decision. Users,
 * conversations and announcements go by their numbers in the app, which the event that introduces them
 * assigns. Every event assigns values and adds to none, so that applying a sequence again, from any point on,
 * to a state that already holds some or all of it, ends in the same state
 * (docs/decisions/0002-fuzzy-checkpoints.md).
 *
 * Events are stored as JSON for as long as the log exists: a change to a shape here needs a migration.
 */
import type { NotificationLevel } from '../badge.js';
import type { Metadata } from '../metadata.js';
import type { Ranges } from '../ranges.js';

export type Introduction = readonly [user: number, id: string, everyonePosition: number];

interface Introduces {
  /** Users that become known. Announcements to everyone up to the position are not for them. */
  readonly users?: readonly Introduction[];
}

export type Event =
  | ConversationCreated
  | ConversationChanged
  | { readonly type: 'conversation_deleted'; readonly conversation: number }
  | MessageSent
  | MessageDeleted
  | {
      readonly type: 'read';
      readonly user: number;
      readonly read: readonly (readonly [conversation: number, from: number, to: number])[];
    }
  | MarkedUnread
  | NotificationsSet
  | Announced
  | { readonly type: 'announcement_read'; readonly user: number; readonly announcement: number }
  | BlocksChanged
  | ExternalSet;

export type EventType = Event['type'];

export interface ConversationCreated extends Introduces {
  readonly type: 'conversation_created';
  readonly conversation: number;
  readonly id: string;
  readonly at: number;
  readonly distinct: boolean;
  readonly metadata?: Metadata;
  readonly participants: readonly number[];
  readonly fingerprint?: number;
}

export interface ConversationChanged extends Introduces {
  readonly type: 'conversation_changed';
  readonly conversation: number;
  readonly distinct: boolean;
  /** The whole metadata after the change; absent if it did not change. */
  readonly metadata?: Metadata;
  /** Those who left, before those who joined. */
  readonly left: readonly number[];
  readonly joined: readonly number[];
  /** Where those who joined start. */
  readonly head: number;
}

export interface MessageSent {
  readonly type: 'message';
  readonly conversation: number;
  readonly position: number;
  /** The sender's number, or the name of a system sender. */
  readonly sender: number | string;
  readonly at: number;
  /** The log's reference to the last message before it that is not deleted; absent if there is none. */
  readonly previous?: number;
  /** The id, if the caller chose it. */
  readonly id?: string;
  readonly fingerprint?: number;
  readonly silent?: true;
  readonly mentions?: readonly number[];
  /** The participants who block the sender. */
  readonly hidden?: readonly number[];
}

export interface MessageDeleted {
  readonly type: 'message_deleted';
  readonly conversation: number;
  readonly position: number;
  /** Set if it was the last message: the one that is last now, or null if there is none. */
  readonly last?: LastMessage | null;
}

/** What lists show of the last message that is not deleted, and its reference in the log. */
export interface LastMessage {
  readonly reference: number;
  readonly position: number;
  /** As in the message. */
  readonly sender: number | string;
  readonly at: number;
  readonly id?: string;
}

export interface MarkedUnread {
  readonly type: 'unread';
  readonly user: number;
  readonly conversation: number;
  readonly from: number;
  /** Positions at or above `from` that stay uncounted for this user. */
  readonly except: Ranges;
  /** Positions at or above `from` that mention them. */
  readonly mentions: readonly number[];
}

export interface NotificationsSet {
  readonly type: 'notifications';
  readonly user: number;
  readonly conversation: number;
  readonly level: NotificationLevel;
  readonly mutedUntil: number | null;
}

export interface Announced extends Introduces {
  readonly type: 'announcement';
  readonly announcement: number;
  readonly id: string;
  readonly at: number;
  /** Those named; for everyone, its position among the announcements to everyone. */
  readonly recipients: readonly number[] | { readonly position: number };
  readonly fingerprint?: number;
}

export interface BlocksChanged extends Introduces {
  readonly type: 'blocks';
  readonly owner: number;
  /** The whole list after the change, in the order in which they were blocked. */
  readonly blocked: readonly number[];
}

export interface ExternalSet extends Introduces {
  readonly type: 'external';
  readonly counts: readonly (readonly [user: number, name: string, count: number | null])[];
}

const eventTypes: { readonly [T in EventType]: true } = {
  conversation_created: true,
  conversation_changed: true,
  conversation_deleted: true,
  message: true,
  message_deleted: true,
  read: true,
  unread: true,
  notifications: true,
  announcement: true,
  announcement_read: true,
  blocks: true,
  external: true,
};

/** Parses a stored event. Throws on text that this program did not write. */
export function parseEvent(text: string): Event {
  const value: unknown = JSON.parse(text);
  if (isEvent(value)) return value;
  throw new Error(`not an event of this program: ${text.slice(0, 100)}`);
}

/** Only this program writes the log, so its shapes are trusted once the type is known. */
function isEvent(value: unknown): value is Event {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    Object.hasOwn(eventTypes, String(value.type))
  );
}
