/** What an app may have or not, such as a login page: null where it has none. */
import type { AppSetup } from '@badged/client/api';
import { api } from '../server/api.js';
import { queries } from '../server/queries.js';

/** Not by asking for it and being told that there is none: browsers log such an answer as an error. */
export async function ifSetUp<T>(
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
