/**
 * Callers choose collapse ids of any length and alphabet; providers limit both. One that does not fit is
 * replaced by its digest, so that equal ids stay equal and different ones stay different.
 */
import { createHash } from 'node:crypto';

/** APNs: at most 64 bytes of UTF-8. Header values are visible ASCII only. */
export function apnsCollapseId(id: string): string {
  return /^[\x21-\x7e]{1,64}$/.test(id) ? id : digest(id);
}

/** RFC 8030, 5.4: at most 32 characters of the base64url alphabet. */
export function webPushTopic(id: string): string {
  return /^[\w-]{1,32}$/.test(id) ? id : digest(id);
}

function digest(id: string): string {
  return createHash('sha256').update(id).digest('base64url').slice(0, 32);
}
