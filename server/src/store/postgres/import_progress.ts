/** The mark of an import that is not complete. */
import type { ImportPosition } from '../transfer_port.js';
import type { Run } from './run.js';

const get = `
  select lines, sha256 from import_progress`;

/** Undefined if none has begun. */
export async function importPosition(read: Run): Promise<ImportPosition | undefined> {
  const [position] = await read<ImportPosition>(get);
  return position;
}
