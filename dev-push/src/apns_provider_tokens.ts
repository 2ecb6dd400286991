/** Checks the provider tokens of requests to the local APNs as Apple documents it. */
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

/** What Apple's developer site does when one downloads a key. */
export function generateApnsKey(
  keyId = 'KEY1234567',
  teamId = 'TEAM123456',
): { key: ApnsSigningKey; trust: ApnsTrust } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return { key: { privateKey: pem, keyId, teamId }, trust: { publicKey, keyId, teamId } };
}

const longestAgeSeconds = 60 * 60;
/** Signatures are verified once per token, as it is the same one for half an hour. */
const rememberedTokens = 100;

export class ProviderTokens {
  readonly #trust: ApnsTrust;
  readonly #now: () => number;
  readonly #issuedAt = new Map<string, Promise<number | undefined>>();

  constructor(trust: ApnsTrust, now: () => number) {
    this.#trust = trust;
    this.#now = now;
  }

  /** How many different ones have come, valid or not. */
  get seen(): number {
    return this.#issuedAt.size;
  }

  /** APNs' reason for refusing, or undefined. */
  async refusal(authorization: string | undefined): Promise<string | undefined> {
    const token = /^bearer (.+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return 'MissingProviderToken';
    if (this.#issuedAt.size > rememberedTokens) this.#issuedAt.clear();
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

/** In seconds; undefined if the token is not this team's. */
async function issuedAt(token: string, trust: ApnsTrust): Promise<number | undefined> {
  try {
    if (decodeProtectedHeader(token).kid !== trust.keyId) return undefined;
    // Age is judged by the service's own clock; jose is only to check the signature and who signed.
    const options = { algorithms: ['ES256'], issuer: trust.teamId };
    const { payload } = await jwtVerify(token, trust.publicKey, options);
    return payload.iat;
  } catch {
    return undefined;
  }
}
