/**
 * Opaque tokens of the form badged_PURPOSE_APP_SECRET. A token contains its app's id, so that its lookup is inside that
 * app. Only the SHA-256 of the secret is stored, as the id of the token's record.
 */
import { Buffer } from 'node:buffer';
import { hashSecret, newSecret } from '../secrets.js';

export type Purpose = 'access' | 'refresh' | 'code' | 'session';

export interface OpaqueToken {
  readonly app: string;
  /** The hash of the secret. */
  readonly id: string;
}

const form = /^badged_([a-z]+)_([0-9a-f-]{36})_([A-Za-z0-9_-]{43})$/;

export function newOpaqueToken(purpose: Purpose, app: string): OpaqueToken & { readonly text: string } {
  const secret = newSecret();
  return { app, id: hashSecretText(secret), text: `badged_${purpose}_${app}_${secret}` };
}

/** Undefined if the text is not a token of this purpose. */
export function parseOpaqueToken(purpose: Purpose, text: string): OpaqueToken | undefined {
  const [, found, app, secret] = form.exec(text) ?? [];
  return found === purpose && app !== undefined && secret !== undefined
    ? { app, id: hashSecretText(secret) }
    : undefined;
}

export function hashSecretText(secret: string): string {
  return Buffer.from(hashSecret(secret)).toString('base64url');
}
