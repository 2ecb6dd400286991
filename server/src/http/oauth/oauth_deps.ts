/** What the OAuth routes are given. */
import type { RouteSurroundings } from '../foundation/route.js';

export interface OAuthDeps extends RouteSurroundings {
  /** Whether visitors may choose a user, for apps without a login page. */
  readonly isDev: boolean;
}
