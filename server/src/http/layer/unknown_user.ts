/** Reads of a user whom the app has not named yet: the user's own token gets 0, the app gets not_found. */
import type { UnknownUser } from '../../service/badges.js';

/**
 * @param caller - Its `user` is the user of the token; empty for any other token. A user token is valid for its own
 * user only, so a caller with a user reads about themselves.
 */
export function unknownUserOf(caller: { readonly user: string }): UnknownUser {
  return caller.user === '' ? 'not_found' : 'zero';
}
