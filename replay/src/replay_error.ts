/**
 * A replay that cannot go on for a reason its user can act on: a bad line in the file, a refused request, a
 * server that stays away. The message is a full sentence to be shown as it is, and never holds the token.
 * Anything else that is thrown is a bug.
 */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}
