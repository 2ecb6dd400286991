// A badge server as the platformClient's tests need it: an app, its three OAuth clients, a user, and unread messages
// from others, among them the one whom the documentation's example clears. The app has no login page, so that the
// server's page for development says who signs in.

import type { PlatformService, UnreadEntity } from '../platform_service.js';
import { type ServerProcess, startServerProcess } from './server_process.js';

export interface BadgeServer extends PlatformService {
  readonly port: number;
  /** What a program has to trust, where the server speaks TLS. */
  readonly certFile: string;
  /** One more message to the user from somebody they talk to. */
  receive(sender: string): Promise<void>;
}

type Json = Record<string, unknown>;

const USER = 'ada';
const DOMAIN = 'app.badged';
const HOUR_MS = 3_600_000;

/** Oldest message first. The JIDs are escaped as XEP-0106 says. */
const CHATS = [
  { others: ['\u{1f41d}', 'grace'], unread: 2 },
  { others: ['jabberId_example'], unread: 7, jabberId: `jabberId_example@${DOMAIN}` },
  { others: [`o'brien@home`], unread: 1, jabberId: `o\\27brien\\40home@${DOMAIN}` },
  { others: ['grace'], unread: 3, jabberId: `grace@${DOMAIN}` },
] as const;

export async function startBadgeServer(
  redirectUris: readonly string[],
  { tls = false } = {},
): Promise<BadgeServer> {
  const server = await startServerProcess('--dev', ...(tls ? ['--tls'] : []));
  try {
    return await furnish(server, redirectUris, tls);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function furnish(
  server: ServerProcess,
  redirectUris: readonly string[],
  tls: boolean,
): Promise<BadgeServer> {
  const app = await admin(server, '/admin/apps', { name: 'An app', jabber_domain: DOMAIN });
  const inApp = (method: string, path: string, body?: unknown) =>
    call(server, String(app.token), method, `/apps/${app.id}${path}`, body);
  const client = (settings: object) =>
    admin(server, `/admin/apps/${app.id}/oauth_clients`, { name: 'A client', ...settings });
  const confidential = await client({ grant_types: ['client_credentials'], user_id: USER });
  const implicit = await client({ grant_types: ['implicit'], redirect_uris: redirectUris });
  const pkce = await client({ redirect_uris: redirectUris });
  const token = await inApp('POST', `/users/${USER}/tokens`, { expires_in: 24 * 3600 });
  const chats = await fillChats(server, inApp);
  return {
    environment: tls ? `localhost:${server.port}` : server.origin,
    port: server.port,
    certFile: server.certFile,
    userId: USER,
    accessToken: String(token.access_token),
    confidentialClient: { id: String(confidential.id), secret: String(confidential.secret) },
    implicitClientId: String(implicit.id),
    pkceClientId: String(pkce.id),
    unread: () => unreadOf(inApp, chats),
    receive: async (sender) => {
      const chat = chats.find(({ jabberId }) => jabberId === `${sender}@${DOMAIN}`);
      await inApp('POST', `/conversations/${chat?.id}/messages`, messageFrom(sender));
    },
    expire: (accessToken) => letExpire(server, accessToken),
    authorize: (authorizeUrl) => signIn(server, authorizeUrl),
    close: server.stop,
  };
}

interface Chat {
  readonly id: string;
  readonly jabberId: string;
}

type InApp = (method: string, path: string, body?: unknown) => Promise<Json>;

async function fillChats(server: ServerProcess, inApp: InApp): Promise<Chat[]> {
  const chats: Chat[] = [];
  for (const { others, unread, ...known } of CHATS) {
    const { id: uri } = await inApp('POST', '/conversations', { participants: [USER, ...others] });
    const id = String(uri).slice(-36);
    chats.push({ id, jabberId: 'jabberId' in known ? known.jabberId : `${id}@conference.${DOMAIN}` });
    for (let count = 0; count < unread; count++) {
      await inApp('POST', `/conversations/${id}/messages`, messageFrom(others[0]));
    }
    // Of two entities of the same millisecond, either may be called the newer one.
    await server.pass(1_000);
  }
  return chats;
}

function messageFrom(sender: string): unknown {
  return { sender: { user_id: sender }, parts: [{ body: 'Hello', mime_type: 'text/plain' }] };
}

/** By the app's own API, which is another than the one under test. */
async function unreadOf(inApp: InApp, chats: readonly Chat[]): Promise<UnreadEntity[]> {
  const path = `/users/${USER}/conversations?sort_by=last_message&unread=true`;
  const listed: unknown = await inApp('GET', path);
  if (!Array.isArray(listed)) throw new Error('Not a list of conversations');
  return listed.map(({ id, unread_message_count: unreadCount }) => {
    const chat = chats.find((candidate) => id.endsWith(candidate.id));
    return { jabberId: chat?.jabberId ?? '', unreadCount };
  });
}

/** A token that comes with a refresh token lives an hour; whatever else was issued goes on for a day. */
async function letExpire(server: ServerProcess, accessToken: string): Promise<void> {
  await server.pass(HOUR_MS);
  const headers = { authorization: `Bearer ${accessToken}` };
  const { status } = await server.request('GET', '/api/v2/tokens/me', { headers });
  if (status !== 401) throw new Error(`An hour later the token is still good: ${status}`);
}

/** As a browser does it: with the cookie that the login page came with, by its form, to where that redirects. */
async function signIn(server: ServerProcess, authorizeUrl: string): Promise<string> {
  const { pathname, search } = new URL(authorizeUrl);
  const page = await server.request('GET', pathname + search);
  const nonce = /name="nonce" value="([^"]+)"/.exec(page.text)?.[1] ?? '';
  const cookie = (page.headers['set-cookie'] ?? []).map((set) => set.split(';')[0]).join('; ');
  const end = await server.request('POST', '/oauth/dev_login', {
    headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({ nonce, user: USER }).toString(),
  });
  return end.headers.location ?? '';
}

function admin(server: ServerProcess, path: string, body: unknown): Promise<Json> {
  return call(server, server.adminToken, 'POST', path, body);
}

async function call(
  server: ServerProcess,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Json> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sent = body === undefined ? { headers } : { headers, body: JSON.stringify(body) };
  const { status, text } = await server.request(method, path, sent);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return text === '' ? {} : JSON.parse(text);
}
