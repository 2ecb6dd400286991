/**
 * The engine: durable storage for the host (store/host). It decides and counts nothing. Each app has a log of events,
 * numbered 1, 2, 3 … without gaps; events refer to each other by these numbers. The engine gives each app a number, which
 * it never reuses. A write is durable when its promise resolves.
 */
import type { Audience, Event, LoggedMessage, snapshot } from '@badged/core';
import type { EngineHost } from './hosted_app.js';
import type { App, AppChange, AppToken } from './port.js';
import type { AlertContent, PushStore } from './push_port.js';
import type { RecordStore } from './record_port.js';

export interface Capabilities {
  /** `messagesBack` and `chosenId` return no promise, so that the host may call them while it decides. */
  readonly immediateLookups: boolean;
}

/** The side that only reads: what `verify` needs, also beside a process that writes. */
export interface EngineReader {
  readonly capabilities: Capabilities;

  /** The apps that are not deleted, in the order of creation. */
  apps(): OrPromise<readonly StoredApp[]>;

  /** The number of the app's last event; 0 if there is none. */
  lastSeq(app: number): OrPromise<number>;

  /** The number of the oldest event that the app's log still has; 0 if it has none. */
  firstSeq(app: number): OrPromise<number>;

  /** The events after this one, in pages, in order. The log has all of them. */
  logAfter(app: number, seq: number): Pages<readonly LogRow[]>;

  /**
   * The message at `from` and those before it, by their `previous`, newest first: as far as one at or below the position
   * `to`, and no more than the limit. None if the log has no message there.
   */
  messagesBack(app: number, from: number, to: number, limit: number): OrPromise<readonly LoggedMessage[]>;

  /** The reference of the message with this id, chosen by its caller, in the last checkpoint; 0 if there is none. */
  chosenId(app: number, id: string): OrPromise<number>;

  /** Every event up to this one is in the app's checkpoint; 0 if there is none yet. */
  checkpointSeq(app: number): OrPromise<number>;

  checkpoint(app: number): Pages<CheckpointRows>;

  close(): OrPromise<void>;
}

/** What takes commands: it appends to the apps' logs. */
export interface Appender extends EngineReader {
  /**
   * Appends to the app's log in one transaction. `decide` is called in the middle of it with what others appended since
   * `after`, and calls `append` for each event: it sees the log's true end, and runs to its own end before anything else
   * does. With immediate lookups, these find what was appended before them. Appends and table writes that wait at the same
   * moment may share a transaction. A rejection means that the outcome is not known, and that the host's memory may be ahead
   * of the log.
   */
  append(app: number, after: number, decide: Decide): Promise<void>;
}

export interface Engine extends Appender {
  readonly registry: RegistryTables;
  /** How many transactions were committed, each with one sync to disk. */
  readonly commits: number;

  /** Called once, when memory and disk may have parted: nothing is accepted from then on. */
  onFatal(listener: (error: Error) => void): void;

  /**
   * Writes rows of the app's checkpoint: each as it was when it was read. With `complete`, every event up to that one is now
   * in the rows written so far. Durable with the next append at the latest; if it is lost, more of the log is applied again.
   */
  writeCheckpoint(app: number, rows: CheckpointRows, complete?: number): OrPromise<void>;

  /** The tables that the host passes on unchanged. They use the host's apps. */
  pushStore(host: EngineHost): PushStore;
  recordStore(host: EngineHost): RecordStore;
}

export interface RegistryTables {
  /** Returns the app's number. */
  insertApp(app: App): Promise<number>;
  /** Changes these fields and no others. */
  updateApp(number: number, change: AppChange): Promise<void>;
  /** Deletes the app and its tokens at once; its other rows may be removed later. */
  deleteApp(number: number, now: number): Promise<void>;
  tokens(): OrPromise<readonly AppToken[]>;
  insertToken(app: number, token: AppToken): Promise<void>;
  deleteToken(id: string): Promise<void>;
  /** Returns the stored one; if there is none, stores this one and returns it. */
  secret(name: string, initial: Uint8Array): Promise<Uint8Array>;
  /** Stores another value under the name. */
  replaceSecret(name: string, value: Uint8Array): Promise<void>;
  /** Forgets the sessions that have expired. */
  endSession(id: string, expiresAt: number, now: number): Promise<void>;
  hasEnded(id: string): OrPromise<boolean>;
}

export interface StoredApp {
  readonly number: number;
  readonly app: App;
}

export interface LogRow {
  readonly seq: number;
  readonly event: Event;
  readonly batch?: string; // The id of the batch that begins with this event, where the engine has one.
}

export type Decide = (tail: readonly LogRow[], append: (row: NewRow) => void) => void;

/** An event to append, with its row of the outbox. */
export interface NewRow {
  readonly event: Event;
  readonly alert?: { readonly audience: Audience; readonly content: AlertContent };
}

/** Rows of a checkpoint, a few at a time. */
export interface CheckpointRows {
  readonly users: readonly snapshot.UserRow[];
  readonly conversations: readonly snapshot.ConversationRow[];
  readonly participations: readonly snapshot.ParticipationRow[];
  readonly announcements: readonly snapshot.AnnouncementRow[];
  /** Participants who left. This and the next are empty when a checkpoint is read. */
  readonly left: readonly { readonly conversation: number; readonly user: number }[];
  /** References of the messages whose ids their callers chose. */
  readonly chosenIds: readonly { readonly id: string; readonly reference: number }[];
}

export const noRows: CheckpointRows = {
  users: [],
  conversations: [],
  participations: [],
  announcements: [],
  left: [],
  chosenIds: [],
};

export type OrPromise<V> = V | Promise<V>;
export type Pages<P> = Iterable<P> | AsyncIterable<P>;
