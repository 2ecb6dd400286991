/** An open SQLite connection, as the files of the tables use it. database.ts opens it. */
import type Database from 'better-sqlite3';

export type Connection = Database.Database;
