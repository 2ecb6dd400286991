/**
 * Makes the write-ahead log of an earlier process durable before anything is appended to it. If a sync of that process
 * failed, its pages may be readable from memory and yet never reach the disk: what is appended after them would be lost
 * in a power cut, although its own sync succeeded (docs/decisions/0017-a-start-writes-the-log-again.md).
 */
import { closeSync, existsSync, fsyncSync, openSync, readSync, writeSync } from 'node:fs';
import type { Connection } from './connection.js';

const chunkBytes = 1_048_576;
/** How long a start waits for a process that reads. */
const readerTimeoutMs = 100;

/**
 * Writes the log again in place, with the same bytes, and syncs it. Call it before SQLite opens the database. A crash in
 * between leaves each page as it was, or as it should be.
 */
export function rewriteLog(databaseFile: string): void {
  const file = `${databaseFile}-wal`;
  if (!existsSync(file)) return;
  const descriptor = openSync(file, 'r+');
  try {
    const chunk = Buffer.allocUnsafe(chunkBytes);
    let offset = 0;
    for (let read = readSync(descriptor, chunk, 0, chunkBytes, offset); read > 0; ) {
      for (let written = 0; written < read; )
        written += writeSync(descriptor, chunk, written, read - written, offset + written);
      offset += read;
      read = readSync(descriptor, chunk, 0, chunkBytes, offset);
    }
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Copies the log into the database, syncs that, and empties the log. While another process reads (`badged verify`), the
 * log is not emptied; it is durable all the same.
 */
export function emptyLog(connection: Connection): void {
  const timeoutMs = Number(connection.pragma('busy_timeout'));
  connection.pragma(`busy_timeout = ${readerTimeoutMs}`);
  connection.pragma('wal_checkpoint(TRUNCATE)');
  connection.pragma(`busy_timeout = ${timeoutMs}`);
}
