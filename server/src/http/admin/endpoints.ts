/** All endpoints of the admin API. */
import type { Endpoint } from '../foundation/endpoint.js';
import { appSetupEndpoints } from './app_setup.js';
import { appEndpoints } from './apps.js';
import { oauthClientEndpoints } from './oauth_clients.js';
import { loginEndpoints } from './oauth_login.js';
import { pushCredentialEndpoints } from './push_credentials.js';
import { tokenEndpoints } from './tokens.js';

export const adminEndpoints: readonly Endpoint[] = [
  ...appEndpoints,
  ...appSetupEndpoints,
  ...tokenEndpoints,
  ...pushCredentialEndpoints,
  ...oauthClientEndpoints,
  ...loginEndpoints,
];
