/** What a read says of a user whom the app has not named yet: to the user's own token 0, to the app that there is none. */
import type { UnknownUser } from '../../service/badges.js';

/**
 * @param caller - With the user of the token, or empty where it is no user's. A user token is good for its own user
 * only, so a caller with a user reads about themselves.
 */
export function unknownUserOf(caller: { readonly user: string }): UnknownUser {
  return caller.user === '' ? 'not_found' : 'zero';
}
