/**
 * What every use case needs: the store, a clock, a source of ids, and the secrets that the service keeps in
 * the store. The use cases are functions over it, one file for each subject; none of them knows HTTP.
 */
import { randomBytes } from 'node:crypto';
import type { Store } from '../store/port.js';
import { type Fingerprint, fingerprints } from './content_fingerprint.js';
import { AccessChanges } from './oauth/access_changes.js';
import { type OAuthKeys, oauthKeys } from './oauth/keys.js';
import { noDelivery, type PushDelivery } from './push_delivery.js';
import { SecretKey } from './sealing.js';
import { type UserTokens, userTokens } from './user_tokens.js';

export interface Service {
  readonly store: Store;
  readonly now: () => number;
  /** A new UUID, in lower case. */
  readonly newId: () => string;
  readonly fingerprint: Fingerprint;
  readonly userTokens: UserTokens;
  readonly push: PushDelivery;
  readonly secretKey: SecretKey;
  readonly oauth: { readonly keys: OAuthKeys; readonly changes: AccessChanges };
  /** How long a push is tried. */
  readonly notificationTtlMs: number;
}

export interface Surroundings {
  readonly now: () => number;
  readonly newId: () => string;
  /** Left out, nothing is sent. */
  readonly push?: PushDelivery;
  /** Left out, one that ends with the process, and with it every user token and all that is sealed. */
  readonly secretKey?: SecretKey;
  readonly notificationTtlMs?: number;
}

/** Unless configured otherwise: what a day could not deliver is no news any more. */
const defaultNotificationTtlMs = 86_400_000;

export async function openService(store: Store, surroundings: Surroundings): Promise<Service> {
  const { now, newId, push = noDelivery, secretKey = SecretKey.random() } = surroundings;
  const { notificationTtlMs = defaultNotificationTtlMs } = surroundings;
  return {
    store,
    now,
    newId,
    fingerprint: fingerprints(await store.apps.secret('fingerprint_key', randomBytes(32))),
    userTokens: userTokens(secretKey.derive('user tokens'), now),
    push,
    secretKey,
    oauth: { keys: await oauthKeys(secretKey), changes: new AccessChanges() },
    notificationTtlMs,
  };
}
