/** The lifetimes of codes, tokens, sessions and channels, in milliseconds. */
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

export const lifetimes = {
  /** At most ten minutes (RFC 6749, section 4.1.2). A redirect takes a second. */
  code: minute,
  /** An access token that comes with a refresh token. */
  refreshedAccess: hour,
  /** An access token that cannot be refreshed: the vendor's default. */
  access: day,
  /** A login. Each refresh starts it anew; without one, the user must sign in again. */
  grant: 30 * day,
  /** The time to sign in on the app's login page. */
  signIn: 10 * minute,
  /** The longest accepted lifetime of an identity token. */
  identityToken: 10 * minute,
  /** A browser's session, in which another login does not need the app's login page. */
  session: 12 * hour,
  /** A notification channel: the vendor's lifetime. */
  channel: day,
} as const;
