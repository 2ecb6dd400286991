/**
 * Opaque secrets: badged_PURPOSE_APP_SECRET. They name their app, so that they are looked up inside it; what is
 * kept of them is the SHA-256 of the secret, which is also their record's id.
 */
import { Buffer } from 'node:buffer';
import { hashSecret, newSecret } from '../secrets.js';

export type Purpose = 'access' | 'refresh' | 'code' | 'session';

export interface Opaque {
  readonly app: string;
  /** What is kept of it. */
  readonly id: string;
}

const form = /^badged_([a-z]+)_([0-9a-f-]{36})_([A-Za-z0-9_-]{43})$/;

export function newOpaque(purpose: Purpose, app: string): Opaque & { readonly text: string } {
  const secret = newSecret();
  return { app, id: hashed(secret), text: `badged_${purpose}_${app}_${secret}` };
}

/** Undefined for what is no secret of this purpose. */
export function parseOpaque(purpose: Purpose, text: string): Opaque | undefined {
  const [, found, app, secret] = form.exec(text) ?? [];
  return found === purpose && app !== undefined && secret !== undefined
    ? { app, id: hashed(secret) }
    : undefined;
}

export function hashed(secret: string): string {
  return Buffer.from(hashSecret(secret)).toString('base64url');
}
