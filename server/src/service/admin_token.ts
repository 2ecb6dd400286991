/** The admin token: from the configuration, or made once at the first start. */
import { Buffer } from 'node:buffer';
import type { AppRegistry } from '../store/port.js';
import { hashSecret, newSecret } from './secrets.js';

export interface AdminToken {
  readonly hash: Uint8Array;
  /** The token itself, only at the start that made it. It is not stored, so it has to be shown now. */
  readonly made?: string;
}

/** A configured token is not stored. It is valid as long as it is configured. */
export async function prepareAdminToken(registry: AppRegistry, configured?: string): Promise<AdminToken> {
  if (configured !== undefined) return { hash: hashSecret(configured) };
  const made = `badged_admin_${newSecret()}`;
  const newHash = hashSecret(made);
  const hash = await registry.secret('admin_token_hash', newHash);
  return Buffer.compare(hash, newHash) === 0 ? { hash, made } : { hash };
}
