/**
 * Moving: what an engine gives out, and takes in, when all data of a service moves to another one (transfer/). The rows are
 * those of the transfer file (docs/moving.md): the truth that checkpoints, indexes and counts are made from, and no more. They
 * are the same from every engine. Bytes are base64.
 */
import type { Audience, BadgeMode, LastMessage, snapshot } from '@badged/core';
import type { PushTarget } from '../push_target.js';
import type { CheckpointRows, OrPromise } from './engine.js';

export interface SecretRow {
  readonly type: 'secret';
  readonly name: string;
  readonly value: string;
}

export interface AppRow {
  readonly type: 'app';
  /** Ids of messages depend on it. */
  readonly app: number;
  readonly id: string;
  readonly name: string;
  readonly mode: BadgeMode;
  readonly includeAnnouncements: boolean;
  readonly jabberDomain: string;
  readonly createdAt: number;
}

export interface TokenRow {
  readonly type: 'token';
  readonly app: number;
  readonly id: string;
  readonly label: string;
  readonly hash: string;
  readonly createdAt: number;
}

export interface CredentialRow {
  readonly type: 'credential';
  readonly app: number;
  readonly platform: string;
  /** Encrypted with the secret key, which is not in here. */
  readonly sealed: string;
}

export interface RecordRow {
  readonly type: 'record';
  readonly app: number;
  /** 1, 2, 3 … in the order in which the app's records were inserted. */
  readonly number: number;
  readonly collection: string;
  readonly id: string;
  readonly owner: string;
  readonly value: string;
  readonly expiresAt: number | null;
}

/** Claims do not move: the server that made them is gone. */
export interface DeviceRow {
  readonly type: 'device';
  readonly app: number;
  readonly id: string;
  readonly user: string;
  readonly target: PushTarget;
  readonly registeredAt: number;
  readonly usedAt: number;
  readonly accepted: number | null;
  readonly acceptedAt: number | null;
  readonly isUnregistering: boolean;
}

export interface AlertRow {
  readonly type: 'alert';
  readonly app: number;
  /** 1, 2, 3 … in the order of the app's outbox. */
  readonly number: number;
  readonly requestId: string | null;
  readonly audience: Audience;
  readonly notification: string | null;
  readonly expiresAt: number;
  /** The devices that are done with it, sorted. */
  readonly settled: readonly string[];
}

export interface EventRow {
  readonly type: 'event';
  readonly app: number;
  readonly seq: number;
  /** The event as the log has it: JSON. */
  readonly event: string;
}

/** A row of the base of an app whose log has dropped its oldest events: one of the four. */
export interface BaseRow {
  readonly type: 'base';
  readonly app: number;
  /** The event that the base reaches. It is the same in all rows of the app. */
  readonly seq: number;
  readonly user?: snapshot.UserRow;
  readonly conversation?: snapshot.ConversationRow;
  readonly participation?: snapshot.ParticipationRow;
  readonly announcement?: snapshot.AnnouncementRow;
}

export type TransferRow =
  | SecretRow
  | AppRow
  | TokenRow
  | CredentialRow
  | RecordRow
  | DeviceRow
  | AlertRow
  | BaseRow
  | EventRow;

export type RowType = TransferRow['type'];

/**
 * In which order rows are given out: secrets first, then app by app. Within a type: secrets by name, tokens by age, credentials by
 * platform, devices by id, the others by number.
 */
export const rowOrder: readonly RowType[] = [
  'secret',
  'app',
  'token',
  'credential',
  'record',
  'device',
  'alert',
  'base',
  'event',
];

/** All data as it is at one moment, also while a server writes. */
export interface TransferSource {
  /** The highest number that an app has had. It is not used again. */
  readonly lastAppNumber: number;
  /** How many events all logs have. */
  readonly events: number;
  /** Whether an app has a base, as old events were dropped. */
  readonly hasBase: boolean;
  /** Apps that are deleted have no rows. */
  rows(): AsyncIterable<readonly TransferRow[]>;
  close(): OrPromise<void>;
}

/** How far an import came: after so many lines of the file, whose SHA-256 up to there this is. */
export interface ImportPosition {
  readonly lines: number;
  readonly sha256: string;
}

export interface TransferTarget {
  /** A position: an import has begun, and is not complete. No server serves the data meanwhile. */
  state(): OrPromise<'empty' | 'in use' | ImportPosition>;
  /** Marks an empty target. */
  begin(position: ImportPosition): OrPromise<void>;
  /** In one transaction with the position after the rows. Rejects if another import has written since `after`. */
  write(rows: readonly TransferRow[], after: ImportPosition, position: ImportPosition): OrPromise<void>;
  /** Removes the mark, durably: servers may use the data. */
  complete(lastAppNumber: number): OrPromise<void>;
}

/** An engine that takes in a file, and the host that makes checkpoints of what it took in. */
export interface OpenTarget {
  readonly tables: TransferTarget;
  /** Called once all rows are there. */
  rebuildCheckpoints(onProgress: (app: number, of: number) => void): Promise<void>;
}

/** Another import writes to the same target. */
export class ImportOvertaken extends Error {
  override name = 'ImportOvertaken';
}

/** The rows of one type, in their order. */
export function rowsOf<T extends RowType>(
  rows: readonly TransferRow[],
  type: T,
): readonly Extract<TransferRow, { readonly type: T }>[] {
  return rows.filter((row): row is Extract<TransferRow, { readonly type: T }> => row.type === type);
}

/** The base that was read as a checkpoint, in the order in which it was read. Each row has its properties in the same order. */
export function baseRows(app: number, seq: number, page: CheckpointRows): readonly BaseRow[] {
  const base = { type: 'base', app, seq } as const;
  return [
    ...page.users.map((user) => ({ ...base, user })),
    ...page.conversations.map(({ last, ...row }) => ({
      ...base,
      conversation: { ...row, last: lastOf(last) },
    })),
    ...page.participations.map((participation) => ({ ...base, participation })),
    ...page.announcements.map((announcement) => ({ ...base, announcement })),
  ];
}

function lastOf(last: LastMessage | null): LastMessage | null {
  if (last === null) return null;
  const { reference, position, sender, at, id } = last;
  return { reference, position, sender, at, ...(id !== undefined && { id }) };
}

/** The rows of one app's base as rows of a checkpoint. */
export function checkpointRows(rows: readonly BaseRow[]): CheckpointRows {
  return {
    users: rows.flatMap(({ user }) => user ?? []),
    conversations: rows.flatMap(({ conversation }) => conversation ?? []),
    participations: rows.flatMap(({ participation }) => participation ?? []),
    announcements: rows.flatMap(({ announcement }) => announcement ?? []),
    left: [],
    chosenIds: [],
  };
}

/** Columns that have the same names in both engines. */
export interface StoredSecret {
  readonly name: string;
  readonly value: Uint8Array;
}

export interface StoredToken {
  readonly id: string;
  readonly label: string;
  readonly hash: Uint8Array;
  readonly created_at: number;
}

export interface StoredCredential {
  readonly platform: string;
  readonly sealed: Uint8Array;
}

export function secretRow({ name, value }: StoredSecret): SecretRow {
  return { type: 'secret', name, value: base64(value) };
}

export function tokenRow(app: number, { id, label, hash, created_at: createdAt }: StoredToken): TokenRow {
  return { type: 'token', app, id, label, hash: base64(hash), createdAt };
}

export function credentialRow(app: number, { platform, sealed }: StoredCredential): CredentialRow {
  return { type: 'credential', app, platform, sealed: base64(sealed) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
