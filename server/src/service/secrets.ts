/** Secrets that are shown once, stored as a hash, and compared in constant time. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 random bits, as text that needs no quoting anywhere. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A plain hash is enough, because the secret is random and no password. Every request with a token needs it. */
export function hashSecret(secret: string): Uint8Array {
  return Buffer.from(hash('sha256', secret, 'binary'), 'binary');
}

export function matchesHash(secret: string, expected: Uint8Array): boolean {
  return isSameHash(hashSecret(secret), expected);
}

/** In constant time. */
export function isSameHash(actual: Uint8Array, expected: Uint8Array): boolean {
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}
