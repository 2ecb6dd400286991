/** Secrets that are shown once, stored as a hash, and compared in constant time. */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, as text that needs no quoting anywhere. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A plain hash is enough, because the secret is random and no password. */
export function hashSecret(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest();
}

export function matchesHash(secret: string, hash: Uint8Array): boolean {
  const actual = hashSecret(secret);
  return actual.length === hash.length && timingSafeEqual(actual, hash);
}
