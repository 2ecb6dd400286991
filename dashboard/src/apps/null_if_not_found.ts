/** Turns a 404 response into null. */
import { BadgedError } from '@badged/client/api';

export async function nullIfNotFound<T>(response: Promise<T>): Promise<T | null> {
  try {
    return await response;
  } catch (error) {
    if (error instanceof BadgedError && error.status === 404) return null;
    throw error;
  }
}
