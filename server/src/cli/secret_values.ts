/** What an error about a flag must not quote: tokens, keys, and URLs with passwords. */

/** Flags with a secret in their value. `--from` and `--to` may be the URL of a database. */
const secretFlags = ['--admin-token', '--database-url', '--from', '--secret-key', '--to', '--token'];

const quoted = new RegExp(
  `(option '(?:${secretFlags.join('|')})[^']*' (?:argument|value)) '[^]*'((?: from env '\\w+')? is invalid\\.)`,
);

/** The error as commander words it, without the value of a secret flag. */
export function withoutSecrets(message: string): string {
  return message.replace(quoted, '$1$2');
}
