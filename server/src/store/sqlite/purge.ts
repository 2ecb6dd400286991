/** Removes what deleted apps left behind; and the claims of an earlier process. */
import { baseNumber } from '../retention_engine.js';
import type { Connection } from './connection.js';

const tablesByApp = [
  'users',
  'conversations',
  'participations',
  'announcements',
  'message_ids',
  'checkpoints',
  'devices',
  'outbox',
  'credentials',
  'records',
];

export function purgeDeletedApps(connection: Connection): void {
  const deleted = connection
    .prepare<[], number>('select number from apps where deleted_at is not null')
    .pluck()
    .all();
  for (const number of deleted) {
    connection.transaction(() => {
      connection
        .prepare('delete from outbox_settled where alert in (select id from outbox where app = ?)')
        .run(number);
      connection
        .prepare('delete from log where id >= (? << 40) and id < ((? + 1) << 40)')
        .run(number, number);
      for (const table of tablesByApp)
        connection.prepare(`delete from ${table} where app in (?, ?)`).run(number, baseNumber(number));
      connection.prepare('delete from apps where number = ?').run(number);
    })();
  }
}

/** This is the only process, so every claim is from an earlier one. */
export function releaseClaims(connection: Connection): void {
  connection.exec('update devices set claimed_until = 0 where claimed_until > 0');
  connection.exec('update outbox set claimed_until = 0 where claimed_until > 0');
}
