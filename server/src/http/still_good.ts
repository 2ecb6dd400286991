/** Whether what opened something that lasts is still good for it. */
import type { Service } from '../service/service.js';
import type { Principal } from './auth.js';

/** It may be revoked, signed out, expire, or go with its app. */
export async function isStillGood(
  { store, now }: Service,
  principal: Exclude<Principal, { kind: 'admin' }>,
): Promise<boolean> {
  if ((await store.apps.get(principal.app)) === undefined) return false;
  if (principal.kind === 'app') return (await store.apps.token(principal.token)) !== undefined;
  if (principal.kind === 'session') return principal.session.isGood();
  return now() < principal.expiresAt;
}
