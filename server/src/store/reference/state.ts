/**
 * What the reference remembers of one app: everything, literally. There are no cursors, ranges or counters
 * here, so that one sentence (`counts`) says whether a message counts.
 */
import type { Metadata, NotificationLevel, Sender } from '@badged/core';
import type { App } from '../port.js';
import type { StoredRecord } from '../record_port.js';
import { emptyPushState, type PushState } from './push_state.js';

export interface AppState {
  app: App;
  /** Every user that the app ever named. */
  readonly known: Set<string>;
  /** In the order of creation; the deleted ones stay, because their ids are never used again. */
  readonly conversations: Conversation[];
  /** In the order of creation. */
  readonly announcements: Announcement[];
  /** By user, the users they block, in the order of blocking. */
  readonly blocks: Map<string, string[]>;
  /** By user, their external counts by name. */
  readonly external: Map<string, Map<string, number>>;
  readonly push: PushState;
  records: AppRecord[];
}

/** A record, with the collection that it is in. */
export interface AppRecord extends StoredRecord {
  readonly kind: string;
}

export interface Conversation {
  readonly id: string;
  readonly fingerprint: number | undefined;
  readonly createdAt: number;
  distinct: boolean;
  deleted: boolean;
  metadata: Metadata;
  /** In the order in which they joined. */
  participants: Participant[];
  /** The message at position p is messages[p - 1]. */
  readonly messages: Message[];
}

export interface Participant {
  readonly user: string;
  /** How many messages there were when they joined: these never count for them. */
  readonly joined: number;
  /** The positions of the messages that they have read. */
  readonly read: Set<number>;
  level: NotificationLevel;
  mutedUntil: number | null;
}

export interface Message {
  readonly id: string;
  readonly fingerprint: number | undefined;
  readonly position: number;
  readonly sender: Sender;
  readonly sentAt: number;
  readonly silent: boolean;
  readonly mentions: ReadonlySet<string>;
  /** The participants who blocked the sender when it was sent. */
  readonly hiddenFrom: ReadonlySet<string>;
  deleted: boolean;
}

export interface Announcement {
  readonly id: string;
  readonly fingerprint: number | undefined;
  readonly sentAt: number;
  readonly recipients: ReadonlySet<string>;
  readonly readBy: Set<string>;
}

export function emptyState(app: App): AppState {
  return {
    app,
    known: new Set(),
    conversations: [],
    announcements: [],
    blocks: new Map(),
    external: new Map(),
    push: emptyPushState(),
    records: [],
  };
}

/** Promise 1, word by word: whether the message is unread for the participant. */
export function counts(message: Message, participant: Participant): boolean {
  return (
    message.position > participant.joined &&
    !isTheirs(message, participant.user) &&
    !message.hiddenFrom.has(participant.user) &&
    !message.deleted &&
    !message.silent &&
    !participant.read.has(message.position)
  );
}

export function isTheirs(message: Message, user: string): boolean {
  return 'userId' in message.sender && message.sender.userId === user;
}

/** The conversation, unless it never existed or was deleted. */
export function findConversation(state: AppState, id: string): Conversation | undefined {
  return state.conversations.find((each) => each.id === id && !each.deleted);
}

export function findParticipant(
  conversation: Conversation | undefined,
  user: string,
): Participant | undefined {
  return conversation?.participants.find((each) => each.user === user);
}

export function isBlockedBy(state: AppState, owner: string, user: string): boolean {
  return state.blocks.get(owner)?.includes(user) ?? false;
}

/** Two fingerprints differ only where both sides gave one. */
export function differ(a: number | undefined, b: number | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b;
}
