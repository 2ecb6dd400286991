/** Checks the provider tokens of requests to the local APNs, as Apple documents them. */
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';

export interface ApnsSigningKey {
  readonly privateKey: string;
  readonly keyId: string;
  readonly teamId: string;
}

export interface ApnsTrust {
  readonly publicKey: KeyObject;
  readonly keyId: string;
  readonly teamId: string;
}

/** Makes a key, as Apple's developer site does. */
export function generateApnsKey(
  keyId = 'KEY1234567',
  teamId = 'TEAM123456',
): { key: ApnsSigningKey; trust: ApnsTrust } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key: { privateKey: pem, keyId, teamId }, trust: { publicKey, keyId, teamId } };
}

const longestAgeSeconds = 60 * 60;
/** A token is used for up to an hour, so its signature is verified once. */
const maxCachedTokens = 100;

export class ProviderTokens {
  readonly #trust: ApnsTrust;
  readonly #now: () => number;
  readonly #issuedAt = new Map<string, Promise<number | undefined>>();

  constructor(trust: ApnsTrust, now: () => number) {
    this.#trust = trust;
    this.#now = now;
  }

  /** How many different tokens have been received, valid or not. */
  get seen(): number {
    return this.#issuedAt.size;
  }

  /** APNs' reason to refuse the token, or undefined. */
  async refusal(authorization: string | undefined): Promise<string | undefined> {
    const token = /^bearer (.+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return 'MissingProviderToken';
    if (this.#issuedAt.size > maxCachedTokens) this.#issuedAt.clear();
    const verified = this.#issuedAt.get(token) ?? issuedAt(token, this.#trust);
    this.#issuedAt.set(token, verified);
    const seconds = await verified;
    if (seconds === undefined) return 'InvalidProviderToken';
    const ageSeconds = this.#now() / 1000 - seconds;
    return ageSeconds > longestAgeSeconds || ageSeconds < -longestAgeSeconds
      ? 'ExpiredProviderToken'
      : undefined;
  }
}

/** When the token was issued, in seconds; undefined if it is not this team's. */
async function issuedAt(token: string, trust: ApnsTrust): Promise<number | undefined> {
  try {
    if (decodeProtectedHeader(token).kid !== trust.keyId) return undefined;
    // The caller checks the age with the service's clock; jose checks the signature and the issuer.
    const options = { algorithms: ['ES256'], issuer: trust.teamId };
    const { payload } = await jwtVerify(token, trust.publicKey, options);
    return payload.iat;
  } catch {
    return undefined;
  }
}
