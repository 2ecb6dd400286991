/** The largest inputs of the admin API, of OAuth, and of the pages. */
import { limits } from '@badged/core';
import { list } from './large_world.js';
import { type Inputs, type LargestInput, of, text } from './largest_input.js';

const key = { kty: 'RSA', e: 'AQAB', n: text(342), kid: 'k', alg: 'RS256', use: 'sig' };

export const adminInputs: Inputs = {
  create_app: of('the longest name', ({ admin }) =>
    admin('POST', '/apps', { name: text(limits.appNameBytes) }),
  ),
  list_apps: of('all', ({ admin }) => admin('GET', '/apps')),
  get_app: of('one', ({ admin, app }) => admin('GET', `/apps/${app}`)),
  change_app: of('the mode, with 100,000 users', ({ admin, app }) =>
    admin('PATCH', `/apps/${app}`, { badge_mode: 'unread_conversations' }),
  ),
  delete_app: of('100,000 users', ({ admin, otherApp }) => admin('DELETE', `/apps/${otherApp}`)),
  get_app_setup: of('one', ({ admin, app }) => admin('GET', `/apps/${app}/setup`)),
  create_token: of('one', ({ admin, app }) => admin('POST', `/apps/${app}/tokens`, { label: text(255) })),
  list_tokens: of('all', ({ admin, app }) => admin('GET', `/apps/${app}/tokens`)),
  revoke_token: of('one that is not there', ({ admin, app }) =>
    admin('DELETE', `/apps/${app}/tokens/${app}`),
  ),
  ...credentials('apns', { key_id: 'ABCDE12345', team_id: 'ABCDE12345', key: text(60_000) }),
  ...credentials('fcm', { service_account: { private_key: text(60_000) } }),
  ...credentials('webpush', { subject: 'mailto:a@example.com' }),
  create_oauth_client: of('100 redirect URIs', ({ admin, app }) =>
    admin('POST', `/apps/${app}/oauth_clients`, {
      name: 'client',
      grant_types: ['authorization_code'],
      redirect_uris: list(100, (n) => `https://example.com/${text(1_000)}${n}`),
    }),
  ),
  list_oauth_clients: of('all', ({ admin, app }) => admin('GET', `/apps/${app}/oauth_clients`)),
  get_oauth_client: of('one that is not there', ({ admin, app }) =>
    admin('GET', `/apps/${app}/oauth_clients/${app}`),
  ),
  change_oauth_client: of('100 redirect URIs', ({ admin, app }) =>
    admin('PATCH', `/apps/${app}/oauth_clients/${app}`, {
      redirect_uris: list(100, (n) => `https://example.com/${text(1_000)}${n}`),
    }),
  ),
  delete_oauth_client: of('one that is not there', ({ admin, app }) =>
    admin('DELETE', `/apps/${app}/oauth_clients/${app}`),
  ),
  set_login: of('100 keys', ({ admin, app }) =>
    admin('PUT', `/apps/${app}/login`, { url: 'https://example.com/login', keys: list(100, () => key) }),
  ),
  get_login: of('100 keys', ({ admin, app }) => admin('GET', `/apps/${app}/login`)),
  delete_login: of('one', ({ admin, app }) => admin('DELETE', `/apps/${app}/login`)),
  get_overview: of('the last hour', ({ admin }) => admin('GET', '/overview')),
};

function credentials(provider: string, body: object): Inputs {
  const path = (app: string) => `/apps/${app}/push/${provider}`;
  return {
    [`set_${provider}_credentials`]: of('a key of 60 KB', ({ admin, app }) => admin('PUT', path(app), body)),
    [`get_${provider}_credentials`]: of('one', ({ admin, app }) => admin('GET', path(app))),
    [`delete_${provider}_credentials`]: of('one', ({ admin, app }) => admin('DELETE', path(app))),
    [`test_${provider}`]: of('one', ({ admin, app }) =>
      admin('POST', `${path(app)}/test`, { user_id: 'person-0', device_id: 'device-3' }),
    ),
  };
}

const form = `grant_type=authorization_code&${'a=1&'.repeat(15_000)}`;
const get = (path: string): LargestInput => of('as it is', () => ({ method: 'GET', path }));

/** Open to everyone. */
export const pageInputs: Inputs = {
  sign_in: of('a long token', () => ({
    method: 'POST',
    path: '/admin/session',
    body: JSON.stringify({ token: text(1_000) }),
  })),
  get_session: get('/admin/session'),
  sign_out: of('no session', () => ({ method: 'DELETE', path: '/admin/session' })),
  healthz: get('/healthz'),
  readyz: get('/readyz'),
  metrics: get('/metrics'),
  describe_error: get('/errors/conflict'),
  'GET /openapi.json': get('/openapi.json'),
  'GET /docs': get('/docs'),
  'GET /docs/static/index.html': get('/docs/static/index.html'),
  'GET /docs/static/swagger-initializer.js': get('/docs/static/swagger-initializer.js'),
  'GET /docs/static/*': get('/docs/static/swagger-ui-bundle.js'),
  'GET /docs/json': get('/docs/json'),
  'GET /docs/yaml': get('/docs/yaml'),
  'GET /channels/:app_id/:channel_id/:secret': get(`/channels/a/b/${text(8_000)}`),
  'POST /oauth/token': of('a form of 60 KB', () => ({
    method: 'POST',
    path: '/oauth/token',
    body: form,
    contentType: 'application/x-www-form-urlencoded',
  })),
  'GET /oauth/authorize': get(`/oauth/authorize?client_id=${text(12_000)}`),
  'GET /oauth/callback': get(`/oauth/callback?state=${text(12_000)}`),
  'GET /logout': get(`/logout?client_id=${text(12_000)}`),
  'GET /oauth/jwks': get('/oauth/jwks'),
  'GET /': get('/'),
  'GET /phone': get('/phone'),
  'GET /assets/:name': get(`/assets/${text(8_000)}`),
  'GET /favicon.svg': get('/favicon.svg'),
  'GET /phone/manifest.webmanifest': get('/phone/manifest.webmanifest'),
  'GET /phone/worker.js': get('/phone/worker.js'),
  'GET /phone/:name': get(`/phone/${text(8_000)}`),
};
