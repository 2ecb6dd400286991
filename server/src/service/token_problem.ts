/**
 * Why a token that was refused is not valid: for the log only. The caller gets the same response in each case, so that
 * it does not show which tokens exist.
 */
import { presentedToken } from './app_tokens.js';
import { parseOpaqueToken } from './oauth/opaque_token.js';
import type { Service } from './service.js';

export type TokenReason =
  | 'no_token'
  | 'unknown_token'
  | 'wrong_secret'
  | 'unknown_oauth_token'
  | 'expired_user_token'
  | 'invalid_user_token'
  | 'other';

export interface TokenProblem {
  readonly reason: TokenReason;
  /** The id in the token, which is no secret. */
  readonly token?: string;
}

/** @param text the token, which was refused; undefined if there was none. */
export async function tokenProblem(
  { store, userTokens }: Service,
  text: string | undefined,
): Promise<TokenProblem> {
  if (text === undefined) return { reason: 'no_token' };
  const ofApp = presentedToken(text);
  if (ofApp !== undefined) {
    const stored = await store.apps.token(ofApp.id);
    return { reason: stored === undefined ? 'unknown_token' : 'wrong_secret', token: ofApp.id };
  }
  const access = parseOpaqueToken('access', text);
  if (access !== undefined) return { reason: 'unknown_oauth_token', token: access.id };
  return { reason: (await userTokens.problem(text)) ?? 'other' };
}
