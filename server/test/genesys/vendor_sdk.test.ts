/** The vendor's own SDK, unmodified from npm, over TLS, in Node: purecloud-platform-client-v2. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTlsServer, type TlsServer } from './tls_server.js';

const program = fileURLToPath(new URL('vendor_program.mjs', import.meta.url));
const names = new URL('localhost_names.mjs', import.meta.url).href;

let server: TlsServer;
beforeAll(async () => {
  server = await openTlsServer();
});
afterAll(() => server.close());

test('it signs in, lists, clears, and hears of changes', async () => {
  const { app, appToken, conversation, environment } = server;
  const client = await server.admin('POST', `/apps/${app}/oauth_clients`, {
    name: 'vendor',
    grant_types: ['client_credentials'],
    user_id: 'alice',
  });
  const user = await server.call('POST', `/apps/${app}/users/alice/tokens`, appToken, {});
  const given = {
    environment,
    app,
    appToken,
    conversation,
    clientId: client.id,
    clientSecret: client.secret,
    userToken: user.access_token,
  };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', names, program, JSON.stringify(given)],
    { env: { ...process.env, NODE_EXTRA_CA_CERTS: server.certFile }, timeout: 40_000 },
  );
  const domain = `${app}.badged`;
  expect(JSON.parse(stdout)).toEqual({
    me: client.id,
    user: `alice@${domain}`,
    listed: [[`bob@${domain}`, 1]],
    afterClearing: 0,
    wrong: [400, 'bad.request'],
    topics: ['v2.users.{id}.badges.chats'],
    subscribed: [{ id: 'v2.users.alice.badges.chats' }],
    events: [1, 0],
    asUserToken: 'alice',
    unauthenticated: 401,
    revoked: 401,
  });
});
