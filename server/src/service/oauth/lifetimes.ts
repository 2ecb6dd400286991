/** How long things of OAuth live, in milliseconds, each with its reason. */
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

export const lifetimes = {
  /** RFC 6749, section 4.1.2: ten minutes at most; a redirect takes a second. */
  code: minute,
  /** Of a token that comes with a refresh token. */
  refreshedAccess: hour,
  /** Of a token that cannot be refreshed: the vendor's default. */
  access: day,
  /** After which the user signs in again, unless the client refreshes meanwhile: then it counts from there. */
  grant: 30 * day,
  /** From leaving for the app's login page to being back. */
  signIn: 10 * minute,
  /** The longest life of an identity token that is believed. */
  identityToken: 10 * minute,
  /** Of a browser's session here, during which a login needs no visit to the app's login page. */
  session: 12 * hour,
  /** The vendor's: a channel lives a day. */
  channel: day,
} as const;
