/** Reads an optional part of an app's setup, such as its login page; null if it is not set. */
import type { AppSetup } from '@badged/client/api';
import { api } from '../server/api.js';
import { queries } from '../server/queries.js';

/** Checks the setup first, because browsers log a 404 response as an error. */
export async function nullUnlessSetUp<T>(
  app: string,
  has: (setup: AppSetup) => boolean,
  read: () => Promise<T>,
): Promise<T | null> {
  const setup = await queries.fetchQuery({
    queryKey: ['setup', app],
    queryFn: () => api.getAppSetup({ app_id: app }),
  });
  return has(setup) ? await read() : null;
}
