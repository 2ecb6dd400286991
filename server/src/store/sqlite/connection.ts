/** An open SQLite connection, as the tables' files are given it. database.ts opens it. */
import type Database from 'better-sqlite3';

export type Connection = Database.Database;
