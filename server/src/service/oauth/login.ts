/**
 * How an app signs its users in: its login page, and the public keys that its identity tokens are signed with.
 * The service holds no passwords; who a user is, it believes only those keys.
 */
import { createPublicKey } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { orNotFound, refuseInvalid, refuseNotFound } from '../refused.js';
import type { Service } from '../service.js';
import { kind } from './kept.js';

const Key = Type.Record(Type.String(), Type.String());
const Value = Type.Object({ url: Type.String(), keys: Type.Array(Key) });
const logins = kind('oauth_login', Value);
const id = 'login';

export type LoginKey = Static<typeof Key>;

export interface LoginSettings {
  readonly url: string;
  /** Public JWKs (RFC 7517), each with its alg. */
  readonly keys: readonly LoginKey[];
}

/** The members of a public key that are kept (RFC 7518, sections 6.2.1 and 6.3.1); whatever else is dropped. */
const members = ['kty', 'kid', 'alg', 'crv', 'x', 'y', 'n', 'e'];

export async function setLogin(
  service: Service,
  app: string,
  settings: { readonly url: string; readonly keys: readonly Readonly<Record<string, unknown>>[] },
): Promise<LoginSettings> {
  orNotFound(await service.store.apps.get(app), `App ${app}`);
  if (settings.keys.length === 0 || settings.keys.length > 10)
    refuseInvalid('keys', 'keys must hold 1 to 10 public keys.');
  const value = { url: checkedUrl(settings.url), keys: settings.keys.map(checkedKey) };
  const kept = { id, value, expiresAt: null };
  if (!(await logins.update(service, app, kept))) await logins.insert(service, app, kept);
  return value;
}

export async function getLogin(service: Service, app: string): Promise<LoginSettings> {
  orNotFound(await service.store.apps.get(app), `App ${app}`);
  return (await findLogin(service, app)) ?? refuseNotFound('A login page of this app');
}

export async function findLogin(service: Service, app: string): Promise<LoginSettings | undefined> {
  return (await logins.get(service, app, id))?.value;
}

export async function deleteLogin(service: Service, app: string): Promise<void> {
  if ((await logins.take(service, app, id)) === undefined) refuseNotFound('A login page of this app');
}

function checkedUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isLocal = url !== undefined && isLoopbackName(url.hostname);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && isLocal)) {
    if (url.hash === '' && url.username === '' && url.password === '') return url.href;
  }
  return refuseInvalid(
    'url',
    'url must be an https address without a fragment, or http on this machine itself.',
  );
}

/** Of a parsed host name. */
export function isLoopbackName(hostname: string): boolean {
  return /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** A shared secret as a key would let whoever reads the settings sign, so only public keys are taken. */
function checkedKey(jwk: Readonly<Record<string, unknown>>): LoginKey {
  if ('d' in jwk || jwk.kty === 'oct')
    refuseInvalid('keys', 'keys holds a private or a shared key. Register the public half alone.');
  const kept = Object.fromEntries(
    members.flatMap((name) => (typeof jwk[name] === 'string' ? [[name, jwk[name]] as const] : [])),
  );
  const alg = algorithmOf(kept);
  if (kept.alg !== undefined && kept.alg !== alg)
    refuseInvalid('keys', `keys holds a key for ${kept.alg}. Use RS256 or ES256.`);
  return { ...kept, alg };
}

function algorithmOf(jwk: LoginKey): string {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails: details } = createPublicKey({ key: jwk, format: 'jwk' });
    if (asymmetricKeyType === 'rsa' && (details?.modulusLength ?? 0) >= 2_048) return 'RS256';
    if (asymmetricKeyType === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  } catch {
    // What cannot be read is refused like what is of another kind.
  }
  return refuseInvalid('keys', 'keys must hold public JWKs: RSA of 2048 bits or more, or EC on P-256.');
}
