/** Which errors of the database pass by themselves, and how long a caller waits for that. */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { StoreUnavailable } from '../port.js';

/** What the database says of a statement or a connection that it refuses. */
export const DatabaseError = pg.DatabaseError;

/** How long a database that is away is tried again before the caller is refused. */
export const patienceMs = 5_000;

/** A serialization failure, a deadlock, a key that another transaction took, a table or a type that it created. */
const collisions = ['40001', '40P01', '23505', '42P07', '42710'];

/** This transaction met another one, and did nothing. */
export function isCollision(error: unknown): boolean {
  return error instanceof DatabaseError && collisions.includes(error.code ?? '');
}

/** The connection broke, was refused, or was ended by the database: what was sent last may have happened or not. */
export function isConnectionLoss(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return false;
  if (!(error instanceof DatabaseError)) return error instanceof Error && isOfTheConnection(error);
  return /^(08|57P0|53300|25P03)/.test(error.code ?? '');
}

/** The driver and the socket say it in words or in a code of the operating system; a bug does neither. */
function isOfTheConnection(error: Error): boolean {
  if ('code' in error && typeof error.code === 'string' && /^E[A-Z]+$/.test(error.code)) return true;
  return /^(Connection terminated|timeout e|Client (has encountered|was closed))/.test(error.message);
}

/** Tries again while the connection breaks, for some seconds. For what changes nothing. */
export async function withPatience<V>(work: () => Promise<V>): Promise<V> {
  const end = performance.now() + patienceMs;
  for (let pauseMs = 10; ; pauseMs = Math.min(pauseMs * 2, 500)) {
    try {
      return await work();
    } catch (error) {
      if (!isConnectionLoss(error)) throw error;
      if (performance.now() + pauseMs > end)
        throw new StoreUnavailable(`The database cannot be reached: ${asError(error).message}`);
      await delay(pauseMs);
    }
  }
}

export function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
