/** The mark of an import that is not complete. */
import type { ImportPosition } from '../transfer_port.js';
import type { Connection } from './connection.js';

/** Undefined if none has begun. */
export function importPosition(connection: Connection): ImportPosition | undefined {
  return connection.prepare<[], ImportPosition>('select lines, sha256 from import_progress').get();
}
