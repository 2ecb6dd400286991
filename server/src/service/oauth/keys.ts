/**
 * The service's keys for OAuth, derived from its secret key, so that all nodes have the same and none is stored: one
 * signs login requests (ES256, with a published public key), one the URLs of notification channels, and one the
 * sign-in cookie.
 */
import { createECDH, createPrivateKey, type KeyObject } from 'node:crypto';
import { calculateJwkThumbprint, type JWK } from 'jose';
import type { SecretKey } from '../sealing.js';

export interface OAuthKeys {
  readonly signing: KeyObject;
  /** The public key, with its `kid`. */
  readonly published: JWK & { readonly kid: string };
  readonly channels: Uint8Array;
  readonly signIns: Uint8Array;
}

export async function oauthKeys(secretKey: SecretKey): Promise<OAuthKeys> {
  const d = secretKey.derive('login requests');
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(d);
  // An uncompressed point: a 4, then x and y with 32 bytes each.
  const point = ecdh.getPublicKey();
  const jwk = {
    kty: 'EC',
    crv: 'P-256',
    x: base64url(point.subarray(1, 33)),
    y: base64url(point.subarray(33)),
  };
  const signing = createPrivateKey({ key: { ...jwk, d: base64url(d) }, format: 'jwk' });
  const kid = await calculateJwkThumbprint(jwk);
  return {
    signing,
    published: { ...jwk, kid, alg: 'ES256', use: 'sig' },
    channels: secretKey.derive('notification channels'),
    signIns: secretKey.derive('sign-ins'),
  };
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
