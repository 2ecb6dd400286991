/**
 * What every use case is given: the store, a clock, a source of ids, and the service's own secrets. The use cases are
 * functions, one file for each subject. None of them depends on HTTP.
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
  /** How long a push is retried. */
  readonly notificationTtlMs: number;
}

export interface ServiceDeps {
  readonly now: () => number;
  readonly newId: () => string;
  /** Default: no push is sent. */
  readonly push?: PushDelivery;
  /** Default: a random one. User tokens and sealed secrets are then lost when the process ends. */
  readonly secretKey?: SecretKey;
  readonly notificationTtlMs?: number;
}

/** One day, unless configured otherwise. An older alert is of no use. */
const defaultNotificationTtlMs = 86_400_000;

export async function openService(store: Store, deps: ServiceDeps): Promise<Service> {
  const { now, newId, push = noDelivery, secretKey = SecretKey.random() } = deps;
  const { notificationTtlMs = defaultNotificationTtlMs } = deps;
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
