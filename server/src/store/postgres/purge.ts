/** Removes what deleted apps left behind. Several nodes may do so at once: what is gone is gone. */
import { baseNumber } from '../retention_engine.js';
import type { Connections } from './connections.js';

const tables = [
  'event',
  'app_user',
  'conversation',
  'participation',
  'announcement',
  'message_id',
  'device',
  'outbox',
  'outbox_settled',
  'credential',
  'walk',
  'record',
];

const baseTables = ['checkpoint', 'app_user', 'conversation', 'participation', 'announcement'];

export async function purgeDeletedApps(connections: Connections): Promise<void> {
  const sql = 'select number from app where deleted_at is not null';
  for (const { number } of await connections.read<{ number: number }>(0, sql)) {
    for (const table of tables) await connections.write(0, `delete from ${table} where app = $1`, [number]);
    const base = baseNumber(number);
    for (const table of baseTables) await connections.write(0, `delete from ${table} where app = $1`, [base]);
    await connections.write(0, 'delete from app where number = $1', [number]);
  }
}
