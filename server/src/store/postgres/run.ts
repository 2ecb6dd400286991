/** Runs statements on a connection. */
import type pg from 'pg';

export type Value =
  | string
  | number
  | boolean
  | null
  | Uint8Array
  | readonly (string | number | boolean | null)[];

/** Runs one statement. Statements that are handed in together share a round trip, and run in order. */
export type Run = <R extends object>(sql: string, values?: readonly Value[]) => Promise<R[]>;

export function runner(client: pg.ClientBase): Run {
  return async <R extends object>(sql: string, values?: readonly Value[]) => {
    const { rows } = await client.query<R>(sql, values === undefined ? undefined : [...values]);
    return rows;
  };
}
