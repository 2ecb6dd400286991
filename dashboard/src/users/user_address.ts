/** Where a user's page is. Ids are any text, so they are encoded whole, and read from the address as it stands. */
import { useHashLocation } from 'wouter/use-hash-location';

export function userPath(app: string, user: string): string {
  return `/users/${app}/${encodeURIComponent(user)}`;
}

/**
 * The user whom the address names. Not what the router took out of it: that is decoded but for what is reserved in
 * addresses, so that "a/b" and "a%2Fb" would be the same.
 */
export function useUserInAddress(): string | undefined {
  const [location] = useHashLocation();
  const [, , , encoded = ''] = location.split('/');
  if (encoded === '') return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    // Somebody wrote the address by hand.
    return encoded;
  }
}
