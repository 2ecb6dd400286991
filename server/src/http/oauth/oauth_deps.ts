/** What the OAuth routes are given. */
import type { BodyReader } from '../foundation/request_body.js';
import type { RouteDeps } from '../foundation/route.js';

export interface OAuthDeps extends RouteDeps {
  readonly bodies: BodyReader;
  /** Whether visitors may choose a user, for apps without a login page. */
  readonly isDev: boolean;
}
