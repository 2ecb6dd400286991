/** Opens a database with Node's own SQLite; on a Node without it, with better-sqlite3. */
import { openBetterSqlite3 } from './better_sqlite3.js';
import type { Connection, ConnectionOptions } from './connection.js';
import { nodeSqlite, openNodeSqlite } from './node_sqlite.js';

const builtIn = nodeSqlite();

/** @throws SqliteMissingError, and what SQLite refuses: see sqliteCode. */
export function openConnection(file: string, options: ConnectionOptions = {}): Connection {
  return builtIn === undefined ? openBetterSqlite3(file, options) : openNodeSqlite(builtIn, file, options);
}
