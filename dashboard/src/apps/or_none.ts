/** What an app may have or not, such as a login page: null where it has none. */
import { BadgedError } from '@badged/client/api';

export async function orNone<T>(answer: Promise<T>): Promise<T | null> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof BadgedError && error.status === 404) return null;
    throw error;
  }
}
