/** The path of a user's page. Ids are any text, so they are fully encoded. */
import { useHashLocation } from 'wouter/use-hash-location';

export function userPath(app: string, user: string): string {
  return `/users/${app}/${encodeURIComponent(user)}`;
}

/**
 * The user id in the URL. The router's own value is decoded except for reserved characters, so "a/b" and "a%2Fb" would
 * be the same.
 */
export function useUserInAddress(): string | undefined {
  const [location] = useHashLocation();
  const [, , , encoded = ''] = location.split('/');
  if (encoded === '') return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    // The URL was typed by hand.
    return encoded;
  }
}
