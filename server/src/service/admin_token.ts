/** The admin token: from the configuration, or made once, and shown once. */
import { hashSecret, newSecret } from './secrets.js';
import type { ShownOnce } from './shown_once.js';

export interface AdminToken {
  readonly hash: Uint8Array;
  /** The token itself, until it was shown. */
  readonly pending?: string;
}

/** The hash of the token, once it was shown. */
const name = 'admin_token_hash';

/** A configured token is not stored. It is valid as long as it is configured. */
export async function prepareAdminToken(shownOnce: ShownOnce, configured?: string): Promise<AdminToken> {
  if (configured !== undefined) return { hash: hashSecret(configured) };
  const token = await shownOnce.open(name, newText);
  if (token.kind === 'shown') return { hash: token.remainder };
  return { hash: hashSecret(token.text), pending: token.text };
}

/** A new token and what is stored of it, under this name. */
export function makeAdminToken(): {
  readonly text: string;
  readonly name: string;
  readonly hash: Uint8Array;
} {
  const text = newText();
  return { text, name, hash: hashSecret(text) };
}

function newText(): string {
  return `badged_admin_${newSecret()}`;
}

export async function adminTokenShown(shownOnce: ShownOnce, { hash }: AdminToken): Promise<void> {
  await shownOnce.shown(name, hash);
}
