/** What the OAuth routes are given. */
import type { RouteDeps } from '../foundation/route.js';

export interface OAuthDeps extends RouteDeps {
  /** Whether visitors may choose a user, for apps without a login page. */
  readonly isDev: boolean;
}
