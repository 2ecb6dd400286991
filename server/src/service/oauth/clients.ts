/**
 * OAuth clients: the programs that may request tokens of an app. A client's id contains its app's id. A confidential
 * client has a secret, which is shown once and stored as a hash; a public one (a page, an installed app) has none.
 */
import { randomBytes } from 'node:crypto';
import { limits } from '@badged/core';
import Type, { type Static } from 'typebox';
import { plainUserId } from '../ids.js';
import { checkedName } from '../names.js';
import { orNotFound, refuseInvalid, refuseNotFound } from '../refused.js';
import { matchesHash, newSecret } from '../secrets.js';
import type { Service } from '../service.js';
import { hashSecretText } from './opaque_token.js';
import { collection } from './record_collection.js';
import { checkRedirectUris, originOf } from './redirect_uri.js';

/** The implicit grant must be set explicitly: OAuth 2.1 removes it. */
export const GrantType = Type.Union([
  Type.Literal('authorization_code'),
  Type.Literal('refresh_token'),
  Type.Literal('client_credentials'),
  Type.Literal('implicit'),
]);
export type GrantType = Static<typeof GrantType>;

const Value = Type.Object({
  name: Type.String(),
  grantTypes: Type.Array(GrantType),
  redirectUris: Type.Array(Type.String()),
  /** The user that its client credentials act for; null for none. */
  user: Type.Union([Type.String(), Type.Null()]),
  secretHash: Type.Union([Type.String(), Type.Null()]),
  createdAt: Type.Number(),
});
const clients = collection('oauth_client', Value);

export interface OAuthClient extends Readonly<Static<typeof Value>> {
  readonly id: string;
  readonly app: string;
}

export interface ClientFields {
  readonly name?: string | undefined;
  readonly grantTypes?: readonly GrantType[] | undefined;
  readonly redirectUris?: readonly string[] | undefined;
  readonly user?: string | null | undefined;
}

export interface NewClient extends ClientFields {
  readonly name: string;
  /** Whether it gets a secret even without client credentials: a web server can store one. */
  readonly confidential?: boolean | undefined;
}

export interface CreatedClient {
  readonly client: OAuthClient;
  /** Shown only now; undefined if the client has none. */
  readonly secret: string | undefined;
}

export async function createClient(service: Service, app: string, fields: NewClient): Promise<CreatedClient> {
  orNotFound(await service.store.apps.get(app), `App ${app}`);
  const grants = fields.grantTypes ?? ['authorization_code', 'refresh_token'];
  const hasSecret = fields.confidential === true || grants.includes('client_credentials');
  const secret = hasSecret ? newSecret() : undefined;
  const { name, redirectUris = [], user = null } = fields;
  const value = {
    ...checked({ name, grantTypes: grants, redirectUris, user }),
    secretHash: secret === undefined ? null : hashSecretText(secret),
    createdAt: service.now(),
  };
  const id = `${app}.${randomBytes(12).toString('base64url')}`;
  await clients.insert(service, app, { id, value, expiresAt: null });
  service.oauth.changes.emit({ app, kind: 'client', id });
  return { client: { ...value, id, app }, secret };
}

export async function updateClient(
  service: Service,
  app: string,
  id: string,
  fields: ClientFields,
): Promise<OAuthClient> {
  const { id: _id, app: _app, ...before } = await getClient(service, app, id);
  const { name = before.name, grantTypes = before.grantTypes, redirectUris = before.redirectUris } = fields;
  const user = fields.user === undefined ? before.user : fields.user;
  const value = { ...before, ...checked({ name, grantTypes, redirectUris, user }) };
  if (value.grantTypes.includes('client_credentials') && value.secretHash === null)
    refuseInvalid('grant_types', 'This client has no secret. Create another client for client_credentials.');
  if (!(await clients.update(service, app, { id, value, expiresAt: null }))) refuseNoClient(id);
  service.oauth.changes.emit({ app, kind: 'client', id });
  return { ...value, id, app };
}

export async function getClient(service: Service, app: string, id: string): Promise<OAuthClient> {
  const record = await clients.get(service, app, id);
  return record === undefined ? refuseNoClient(id) : { ...record.value, id, app };
}

/** In the order in which they were created. */
export async function listClients(service: Service, app: string): Promise<readonly OAuthClient[]> {
  orNotFound(await service.store.apps.get(app), `App ${app}`);
  return (await clients.list(service, app)).map(({ id, value }) => ({ ...value, id, app }));
}

/** Its tokens stop working at once: a token needs its client. */
export async function deleteClient(service: Service, app: string, id: string): Promise<void> {
  if ((await clients.take(service, app, id)) === undefined) refuseNoClient(id);
  service.oauth.changes.emit({ app, kind: 'client', id });
}

/** Finds a client by its id, in the app that the id names. */
export async function findClient(service: Service, id: string): Promise<OAuthClient | undefined> {
  const app = /^([0-9a-f-]{36})\.[A-Za-z0-9_-]{16}$/.exec(id)?.[1];
  if (app === undefined) return undefined;
  const record = await clients.get(service, app, id);
  return record && { ...record.value, id, app };
}

export function isSecretOf({ secretHash }: OAuthClient, secret: string): boolean {
  return secretHash !== null && matchesHash(secret, Buffer.from(secretHash, 'base64url'));
}

/** The origins of all clients of all apps: a CORS preflight has no token, so its app is unknown. */
export async function registeredOrigins(service: Service): Promise<ReadonlySet<string>> {
  const apps = await service.store.apps.list();
  const all = await Promise.all(apps.map(({ id }) => clients.list(service, id)));
  const uris = all.flat().flatMap(({ value }) => value.redirectUris);
  return new Set(uris.map(originOf).filter((origin) => origin !== undefined));
}

interface Settings {
  readonly name: string;
  readonly grantTypes: readonly GrantType[];
  readonly redirectUris: readonly string[];
  readonly user: string | null;
}

function checked({ name, grantTypes, redirectUris, user }: Settings) {
  if (grantTypes.length === 0) refuseInvalid('grant_types', 'grant_types must have at least one grant.');
  const redirects = grantTypes.includes('authorization_code') || grantTypes.includes('implicit');
  if (redirects && redirectUris.length === 0)
    refuseInvalid('redirect_uris', 'redirect_uris must have a URL to which users return after they sign in.');
  return {
    name: checkedName(name, 'name', limits.nameBytes),
    grantTypes: [...new Set(grantTypes)],
    redirectUris: [...checkRedirectUris(redirectUris)],
    user: user === null ? null : plainUserId(user, 'user_id'),
  };
}

function refuseNoClient(id: string): never {
  return refuseNotFound(`OAuth client ${JSON.stringify(id.slice(0, 100))}`);
}
