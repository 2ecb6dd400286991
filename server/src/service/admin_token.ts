/** The admin token: given by whoever runs the service, or made once at the first start. */
import { Buffer } from 'node:buffer';
import type { AppRegistry } from '../store/port.js';
import { hashSecret, newSecret } from './secrets.js';

export interface AdminToken {
  readonly hash: Uint8Array;
  /** The token itself, only at the start that made it: show it now, it is not kept. */
  readonly made?: string;
}

/** A configured token is not stored: it holds as long as it is configured. */
export async function prepareAdminToken(registry: AppRegistry, configured?: string): Promise<AdminToken> {
  if (configured !== undefined) return { hash: hashSecret(configured) };
  const made = `badged_admin_${newSecret()}`;
  const mine = hashSecret(made);
  const hash = await registry.secret('admin_token_hash', mine);
  return Buffer.compare(hash, mine) === 0 ? { hash, made } : { hash };
}
