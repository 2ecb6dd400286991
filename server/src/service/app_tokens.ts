/**
 * App tokens: badged_TOKENID_SECRET. The id finds the stored hash, with which the secret is compared. The secret itself
 * is not stored.
 */
import { limits, parseUuid } from '@badged/core';
import type { AppToken } from '../store/port.js';
import { checkedName } from './names.js';
import { orNotFound, refuseNotFound } from './refused.js';
import { hashSecret, isSameHash, newSecret } from './secrets.js';
import type { Service } from './service.js';
import { VerifiedTexts } from './verified_texts.js';

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

/** The id in a token's text, and the hash of its secret. */
interface VerifiedToken {
  readonly id: string;
  readonly hash: Uint8Array;
}

/** Checks the tokens of requests. */
export class TokenAuthentication {
  readonly #service: Service;
  readonly #verified = new VerifiedTexts<VerifiedToken>();

  constructor(service: Service) {
    this.#service = service;
  }

  /** Undefined if the text is not a valid token. A revoked one is unknown at once: the store is asked each time. */
  async authenticate(text: string): Promise<AppToken | undefined> {
    const known = this.#verified.get(text);
    const presented = known ?? presentedToken(text);
    if (presented === undefined) return undefined;
    const token = await this.#service.store.apps.token(presented.id);
    if (token === undefined || !isSameHash(presented.hash, token.hash)) return undefined;
    if (known === undefined) this.#verified.set(text, presented);
    return token;
  }
}

/** Undefined if the text has not the form of an app token. */
export function presentedToken(text: string): VerifiedToken | undefined {
  const [, id, secret] = form.exec(text) ?? [];
  return id === undefined || secret === undefined ? undefined : { id, hash: hashSecret(secret) };
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
