/**
 * An error that the user of a replay can act on: a bad line in the file, a refused request, a server that is
 * unavailable. The message is a sentence to show as it is, and never contains the token. Any other error is a bug.
 */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
}
