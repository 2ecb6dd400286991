/**
 * Says in badged.db itself whether the file is whole, or needs its write-ahead log: so that a copy of the file alone, made while a
 * server ran, is not taken for all there is (docs/decisions/0027-a-database-that-says-it-needs-its-log.md).
 *
 * The mark is the application id in the header of the file. While a server runs, the file has the mark "needs its log", and the
 * log a page with "whole": SQLite sees the two together. Whoever copies the log into the file completely, as SQLite does when
 * the last connection closes, makes the file whole.
 */
import { existsSync, statSync } from 'node:fs';
import type { Connection } from './connection.js';

type Row = Readonly<Record<string, unknown>>;

/** Older versions leave 0: nothing is known then. */
const whole = 0x62616467;
const needsLog = 0x62616c67;

/** Whether a database has a log with content. Ask before it is opened. */
export function hasLog(databaseFile: string): boolean {
  const log = `${databaseFile}-wal`;
  return existsSync(log) && statSync(log).size > 0;
}

/** Whether it was marked as needing a log, and that is not in use: it is missing if there is none. */
export function isMarkedAsNeedingLog(connection: Connection): boolean {
  return connection.pragma('application_id') === needsLog;
}

/** Before the log is emptied: what is left is whole. */
export function markAsWhole(connection: Connection): void {
  connection.pragma(`application_id = ${whole}`);
}

/**
 * Copy the log into the file with the mark, and begin the log anew with "whole". NORMAL is what SQLite needs to be safe from
 * corruption: it syncs the log before it copies it, the file before the log is overwritten, and the header of the new log.
 */
export const copyWithMark = [
  'pragma synchronous = NORMAL',
  `pragma application_id = ${needsLog}`,
  'pragma wal_checkpoint(PASSIVE)',
  `pragma application_id = ${whole}`,
] as const;

/** Of `copyWithMark`, the row that says how much was copied. */
export const copyRow = 2;

/** False while another process reads what is not copied yet. */
export function isCopied(row: Row | undefined): boolean {
  return row?.busy === 0 && row.log === row.checkpointed;
}

/** The same on this connection, at once. Returns whether all was copied. */
export function copyNow(connection: Connection): boolean {
  const synchronous = Number(connection.pragma('synchronous'));
  connection.pragma('synchronous = NORMAL');
  connection.pragma(`application_id = ${needsLog}`);
  const copied = connection.prepare<[], Row>('pragma wal_checkpoint(PASSIVE)').get();
  markAsWhole(connection);
  connection.pragma(`synchronous = ${synchronous}`);
  return isCopied(copied);
}
