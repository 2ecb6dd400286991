/** What an error about a flag must not quote: tokens, keys, and URLs with passwords. */

/** Flags with a secret in their value. `--from` and `--to` may be the URL of a database. */
const secretFlags = ['--admin-token', '--database-url', '--from', '--secret-key', '--to', '--token'];

/** The value may have quotes in it, so the end of the sentence says where it ends. */
const quoted = [" from env '\\w+' is invalid\\.", ' is invalid\\.'].map(
  (end) => new RegExp(`(option '(?:${secretFlags.join('|')})[^']*' (?:argument|value)) '[\\s\\S]*'(${end})`),
);

/** The error as commander words it, without the value of a secret flag. */
export function withoutSecrets(message: string): string {
  return quoted.reduce((text, pattern) => text.replace(pattern, '$1$2'), message);
}
