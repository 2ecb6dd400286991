/**
 * An app's login settings: the URL of its login page, and the public keys that verify its identity tokens. The
 * service stores no passwords.
 */
import { createPublicKey } from 'node:crypto';
import Type, { type Static } from 'typebox';
import { orNotFound, refuseInvalid, refuseNotFound } from '../refused.js';
import type { Service } from '../service.js';
import { collection } from './record_collection.js';

const Key = Type.Record(Type.String(), Type.String());
const Value = Type.Object({ url: Type.String(), keys: Type.Array(Key) });
const logins = collection('oauth_login', Value);
const id = 'login';

export type LoginKey = Static<typeof Key>;

export interface LoginSettings {
  readonly url: string;
  /** Public JWKs (RFC 7517), each with its `alg`. */
  readonly keys: readonly LoginKey[];
}

/** The fields of a public key that are stored (RFC 7518, sections 6.2.1 and 6.3.1). Others are dropped. */
const members = ['kty', 'kid', 'alg', 'crv', 'x', 'y', 'n', 'e'];

export async function setLogin(
  service: Service,
  app: string,
  settings: { readonly url: string; readonly keys: readonly Readonly<Record<string, unknown>>[] },
): Promise<LoginSettings> {
  orNotFound(await service.store.apps.get(app), `App ${app}`);
  if (settings.keys.length === 0 || settings.keys.length > 10)
    refuseInvalid('keys', 'keys must have 1 to 10 public keys.');
  const value = { url: checkedUrl(settings.url), keys: settings.keys.map(checkedKey) };
  const record = { id, value, expiresAt: null };
  if (!(await logins.update(service, app, record))) await logins.insert(service, app, record);
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
    'url must be an https URL without a fragment. http is allowed on localhost only.',
  );
}

/** Whether a host name of a parsed URL is of this machine. */
export function isLoopbackName(hostname: string): boolean {
  return /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Only public keys are accepted: with a shared key, anyone who reads the settings could sign. */
function checkedKey(jwk: Readonly<Record<string, unknown>>): LoginKey {
  if ('d' in jwk || jwk.kty === 'oct')
    refuseInvalid('keys', 'keys has a private or a shared key. Set only the public key.');
  const key = Object.fromEntries(
    members.flatMap((name) => (typeof jwk[name] === 'string' ? [[name, jwk[name]] as const] : [])),
  );
  const alg = algorithmOf(key);
  if (key.alg !== undefined && key.alg !== alg)
    refuseInvalid('keys', `keys has a key for ${key.alg}. Use RS256 or ES256.`);
  return { ...key, alg };
}

function algorithmOf(jwk: LoginKey): string {
  try {
    const { asymmetricKeyType, asymmetricKeyDetails: details } = createPublicKey({ key: jwk, format: 'jwk' });
    if (asymmetricKeyType === 'rsa' && (details?.modulusLength ?? 0) >= 2_048) return 'RS256';
    if (asymmetricKeyType === 'ec' && details?.namedCurve === 'prime256v1') return 'ES256';
  } catch {
    // An invalid key is refused as an unsupported one is.
  }
  return refuseInvalid('keys', 'keys must be public JWKs: RSA of 2048 bits or more, or EC on P-256.');
}
