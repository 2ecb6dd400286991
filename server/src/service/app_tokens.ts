/**
 * App tokens: badged_TOKENID_SECRET. The id finds the stored hash, with which the secret is compared. The secret itself
 * is not stored.
 */
import { limits, parseUuid } from '@badged/core';
import type { AppToken } from '../store/port.js';
import { checkedName } from './names.js';
import { orNotFound, refuseNotFound } from './refused.js';
import { hashSecret, matchesHash, newSecret } from './secrets.js';
import type { Service } from './service.js';

const form = /^badged_([0-9a-f-]{36})_([A-Za-z0-9_-]{43})$/;

export interface IssuedToken {
  readonly token: AppToken;
  /** The whole token. It cannot be read again later. */
  readonly text: string;
}

export async function issueToken(service: Service, app: string, label: string): Promise<IssuedToken> {
  const text = newTokenText(service);
  return { token: await addToken(service, app, label, text), text };
}

/** Of a token that is not added yet. */
export function newTokenText({ newId }: Pick<Service, 'newId'>): string {
  return `badged_${newId()}_${newSecret()}`;
}

/** Adds the token of this text, which `newTokenText` made. If it was added before, nothing changes. */
export async function addToken(
  service: Service,
  app: string,
  label: string,
  text: string,
): Promise<AppToken> {
  await existingApp(service, app);
  const [, id, secret] = form.exec(text) ?? [];
  if (id === undefined || secret === undefined) throw new Error('the text is not a token');
  const added = await service.store.apps.token(id);
  if (added !== undefined) return added;
  const token: AppToken = {
    id,
    app,
    label: checkedName(label, 'label', limits.nameBytes),
    hash: hashSecret(secret),
    createdAt: service.now(),
  };
  await service.store.apps.addToken(token);
  return token;
}

/** Undefined if the text is not a valid token. */
export async function authenticateToken(service: Service, text: string): Promise<AppToken | undefined> {
  const [, id, secret] = form.exec(text) ?? [];
  if (id === undefined || secret === undefined) return undefined;
  const token = await service.store.apps.token(id);
  return token !== undefined && matchesHash(secret, token.hash) ? token : undefined;
}

export async function listTokens(service: Service, app: string): Promise<readonly AppToken[]> {
  await existingApp(service, app);
  return service.store.apps.tokens(app);
}

export async function revokeToken(service: Service, app: string, id: string): Promise<void> {
  const token = parseUuid(id);
  const revoked = token !== undefined && (await service.store.apps.revokeToken(app, token));
  if (!revoked) refuseNotFound(`Token ${JSON.stringify(id)} of this app`);
  // Streams that were opened with it end now, not with their next heartbeat.
  service.oauth.changes.emit({ app, kind: 'token', id: token });
}

async function existingApp(service: Service, app: string): Promise<void> {
  orNotFound(await service.store.apps.get(app), `App ${app}`);
}
