/** Whether an app has a login and push credentials. Does not return them. */
import { type Platform, platforms } from '../push_target.js';
import { getApp } from './apps.js';
import { findLogin } from './oauth/login.js';
import type { Service } from './service.js';

export interface AppSetup {
  readonly hasLogin: boolean;
  /** The platforms with credentials, including those that can no longer be decrypted. */
  readonly push: readonly Platform[];
}

export async function appSetup(service: Service, app: string): Promise<AppSetup> {
  const { id } = await getApp(service, app);
  const credentials = platforms.map((platform) => service.store.push.credentials(id, platform));
  const [login, ...sealed] = await Promise.all([findLogin(service, id), ...credentials]);
  return {
    hasLogin: login !== undefined,
    push: platforms.filter((_, index) => sealed[index] !== undefined),
  };
}
