/**
 * What every use case needs: the store, a clock, a source of ids, and the secrets that the service keeps in
 * the store. The use cases are functions over it, one file for each subject; none of them knows HTTP.
 */
import { randomBytes } from 'node:crypto';
import type { Command, CommandType, Results } from '@badged/core';
import type { Store } from '../store/port.js';
import { type Fingerprint, fingerprints } from './fingerprint.js';
import { Refused } from './refused.js';
import { type UserTokens, userTokens } from './user_tokens.js';

export interface Service {
  readonly store: Store;
  readonly now: () => number;
  /** A new UUID, in lower case. */
  readonly newId: () => string;
  readonly fingerprint: Fingerprint;
  readonly userTokens: UserTokens;
}

export interface Surroundings {
  readonly now: () => number;
  readonly newId: () => string;
}

export async function openService(store: Store, { now, newId }: Surroundings): Promise<Service> {
  const [fingerprintKey, userTokenKey] = await Promise.all([
    store.apps.secret('fingerprint_key', randomBytes(32)),
    store.apps.secret('user_token_key', randomBytes(32)),
  ]);
  const fingerprint = fingerprints(fingerprintKey);
  return { store, now, newId, fingerprint, userTokens: userTokens(userTokenKey, now) };
}

/**
 * Carries out one command. The store is called before this function first waits, and so must every use case
 * call this one: that is what keeps the operations of a batch in order.
 */
export async function execute<T extends CommandType>(
  service: Service,
  app: string,
  command: Command<T>,
): Promise<Results[T]> {
  const outcome = await service.store.execute<T>(app, command);
  if (outcome.refusal !== undefined) throw new Refused(outcome.refusal);
  return outcome.value;
}
