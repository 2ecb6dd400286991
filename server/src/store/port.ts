/**
 * The store: every app's state, durably. An adapter stores all of it: what a method returned survives
 * kill -9 and a power cut, and no result shows what is not yet durable. Adapters are interchangeable; the
 * conformance suite says what they have in common. A refusal is a value; a rejected promise means that the
 * store cannot serve (StoreUnavailable) or has a bug.
 */
import type {
  BadgeSettings,
  Command,
  CommandType,
  Outcome,
  Query,
  QueryResult,
  QueryType,
} from '@badged/core';

import type { AlertContent, Change, PushStore } from './push_port.js';
import type { RecordStore } from './record_port.js';

export type {
  ConversationPage,
  ConversationQuery,
  ExplainedConversation,
  Explanation,
  UserBadge,
} from '@badged/core';

export interface Store {
  readonly apps: AppRegistry;
  readonly push: PushStore;
  readonly records: RecordStore;

  /**
   * Executes one command, whole or not at all, and resolves once it is durable. Refused with not_found if the app
   * does not exist. With an alert, a message or an announcement that is really sent also puts one row into the
   * outbox, in the same step; a retry does not.
   */
  execute<T extends CommandType>(app: string, command: Command<T>, alert?: AlertContent): Promise<Outcome<T>>;

  /**
   * Executes the commands in this order: each whole or not at all, a later one on what the earlier ones made, with
   * an outcome for each. A refused command does not stop those after it. Rejects where an outcome is not known;
   * a retry of the whole list is safe, since every command is idempotent.
   */
  executeAll<T extends CommandType>(
    app: string,
    commands: readonly CommandWithAlert<T>[],
  ): Promise<readonly Outcome<T>[]>;

  /**
   * Calls the listener with every change on any node once it is durable, and with those of one app in order; with an app,
   * only with those of this app, which stays in memory meanwhile. Returns a function that unsubscribes.
   */
  subscribe(listener: (change: Change) => void, app?: string): () => void;

  /** Reads from the app's state as it is now; a read never sees what is not yet durable. An app that does not exist has no users and no conversations. */
  ask<T extends QueryType>(app: string, query: Query<T> & { readonly type: T }): Promise<QueryResult<T>>;

  /** Resolves while the store can serve; rejects with StoreUnavailable, saying why, while it cannot. */
  ready(): Promise<void>;

  /** Finishes the accepted commands, and releases every resource. Later calls reject with StoreUnavailable. */
  close(): Promise<void>;
}

export interface CommandWithAlert<T extends CommandType = CommandType> {
  readonly command: Command<T>;
  readonly alert?: AlertContent;
}

/** The apps and what belongs to each, and what belongs to the service itself. Small, and seldom written. */
export interface AppRegistry {
  create(app: App): Promise<void>;
  /** Undefined if it does not exist. Every request calls it, so an adapter reads it from memory if it can. */
  get(id: string): Promise<App | undefined>;
  /** In the order in which they were created. */
  list(): Promise<readonly App[]>;
  /** Undefined if it does not exist. Changes nothing else: the next badge read uses the new settings. */
  update(id: string, change: AppChange): Promise<App | undefined>;
  /** Deletes the app with everything in it. False if it does not exist. */
  delete(id: string): Promise<boolean>;

  /** The token's id is unique in the service. */
  addToken(token: AppToken): Promise<void>;
  /** Every request calls it, like get. */
  token(id: string): Promise<AppToken | undefined>;
  tokens(app: string): Promise<readonly AppToken[]>;
  revokeToken(app: string, id: string): Promise<boolean>;

  /** A named secret of the service itself (signing key, hash of the admin token): the stored one, or this one if there was none. */
  secret(name: string, initial: Uint8Array): Promise<Uint8Array>;
  /** Stores another value under the name. */
  replaceSecret(name: string, value: Uint8Array): Promise<void>;

  /** A session was signed out. It is known until it would have expired. */
  endSession(id: string, expiresAt: number, now: number): Promise<void>;
  /** Whether the session was signed out, on any node. */
  hasEnded(id: string): Promise<boolean>;
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

/** The store cannot serve now: unreachable, or closing. The caller may try again. */
export class StoreUnavailable extends Error {
  override name = 'StoreUnavailable';
}
