/**
 * Voluntary application server identification (RFC 8292): a JWT per push service that says who sends. Signed
 * with the app's key pair, the same one that browsers subscribed with.
 */
import { createECDH } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import { Moment, type Time } from '../time.js';

export interface VapidKeys {
  /** The uncompressed point, base64url: what a page passes as applicationServerKey. */
  readonly publicKey: string;
  readonly privateKey: string;
}

export interface VapidIdentity extends VapidKeys {
  /** A mailto: or https: URL under which a push service can reach the operator. Apple refuses localhost. */
  readonly subject: string;
}

export function generateVapidKeys(): VapidKeys {
  const pair = createECDH('prime256v1');
  pair.generateKeys();
  // A scalar may be shorter than its field; keys are written at full width.
  const scalar = Buffer.alloc(32);
  const privateKey = pair.getPrivateKey();
  privateKey.copy(scalar, scalar.length - privateKey.length);
  return { publicKey: pair.getPublicKey('base64url'), privateKey: scalar.toString('base64url') };
}

/** At most a day is allowed; half a day leaves room for clocks that differ. */
const lifetimeMs = 12 * 60 * 60 * 1000;
const renewAfterMs = lifetimeMs / 2;
/** Push services are few; more origins than this were made up. */
const maxOrigins = 100;

interface Signed {
  readonly authorization: Promise<string>;
  readonly at: Moment;
}

export class Vapid {
  readonly #identity: VapidIdentity;
  readonly #time: Time;
  readonly #signed = new Map<string, Signed>();

  constructor(identity: VapidIdentity, time: Time) {
    this.#identity = identity;
    this.#time = time;
  }

  /** The Authorization header for a push service's origin. Throws if the keys are no P-256 key pair. */
  authorization(origin: string): Promise<string> {
    const held = this.#signed.get(origin);
    const isUsable = held && held.at.ageMs(this.#time) < renewAfterMs && !held.at.isBeforeAStep(this.#time);
    if (isUsable) return held.authorization;
    if (this.#signed.size >= maxOrigins) this.#signed.clear();
    const at = new Moment(this.#time);
    const authorization = sign(this.#identity, origin, at.timeOfDay);
    this.#signed.set(origin, { authorization, at });
    return authorization;
  }
}

async function sign(identity: VapidIdentity, origin: string, atMs: number): Promise<string> {
  const point = Buffer.from(identity.publicKey, 'base64url');
  const coordinate = (start: number) => point.subarray(start, start + 32).toString('base64url');
  const key = { kty: 'EC', crv: 'P-256', x: coordinate(1), y: coordinate(33), d: identity.privateKey };
  const jwt = await new SignJWT()
    .setProtectedHeader({ typ: 'JWT', alg: 'ES256' })
    .setAudience(origin)
    .setExpirationTime(Math.floor((atMs + lifetimeMs) / 1000))
    .setSubject(identity.subject)
    .sign(await importJWK(key, 'ES256'));
  return `vapid t=${jwt}, k=${identity.publicKey}`;
}
