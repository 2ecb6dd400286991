// A service that speaks just enough of the platform's REST API and OAuth for the client's tests, on a local socket, and
// is strict about what it accepts. It stands in for a badge server where a test counts requests, or needs a user who
// logs in, or declines, without a page. The suite for Node runs against both.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { PlatformService } from '../platform_service.js';
import { BadgeEndpoints, type DoubleEntity } from './badge_endpoints.js';
import { apiError, type HttpAnswer, type HttpCall, Refusal } from './http_call.js';
import { NotificationEndpoints } from './notification_endpoints.js';
import { OAuthEndpoints, type RegisteredClient } from './oauth_endpoints.js';
import { TokenRegistry } from './token_registry.js';

export interface PlatformDouble extends PlatformService {
  readonly port: number;
  /** Every request so far, with the answer's status. */
  readonly requests: readonly RecordedRequest[];
}

export interface RecordedRequest {
  readonly method: string;
  readonly url: string;
  readonly contentType: string | undefined;
  readonly body: string;
  readonly status: number;
  /** Where the answer redirects to. */
  readonly location: string | undefined;
}

const USER = { id: 'ada', jabberId: 'ada@app.badged' };
const CLIENTS: readonly RegisteredClient[] = [
  { id: 'backend', secret: 'correct horse+battery/staple=', grant: 'client_credentials' },
  { id: 'page', grant: 'implicit' },
  { id: 'app', grant: 'pkce' },
];

export async function startPlatformDouble(redirectUris: readonly string[]): Promise<PlatformDouble> {
  const tokens = new TokenRegistry();
  const badges = new BadgeEndpoints(USER, unreadAtFirst(), tokens);
  const oauth = new OAuthEndpoints(CLIENTS, redirectUris, tokens);
  const notifications = new NotificationEndpoints(USER.id);
  const requests: RecordedRequest[] = [];
  const origins = new Set(redirectUris.map((uri) => new URL(uri).origin));
  const route = (call: HttpCall) => answerTo(call, oauth, badges, notifications, tokens);
  const onRequest = (request: IncomingMessage, response: ServerResponse) =>
    serve(request, response, route, origins, requests);
  const server = createServer(onRequest);
  const port = await listen(server);
  const client = CLIENTS[0];
  return {
    environment: `http://127.0.0.1:${port}`,
    port,
    requests,
    userId: USER.id,
    accessToken: tokens.issue('page', false).accessToken,
    confidentialClient: { id: client?.id ?? '', secret: client?.secret ?? '' },
    implicitClientId: 'page',
    pkceClientId: 'app',
    unread: async () => badges.unread().map(({ jabberId, unreadCount }) => ({ jabberId, unreadCount })),
    expire: async (accessToken) => tokens.forget(accessToken),
    authorize: async (authorizeUrl) => {
      const answer = await fetch(authorizeUrl, { redirect: 'manual' });
      return answer.headers.get('location') ?? '';
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answerTo(
  call: HttpCall,
  oauth: OAuthEndpoints,
  badges: BadgeEndpoints,
  notifications: NotificationEndpoints,
  tokens: TokenRegistry,
): HttpAnswer {
  const path = call.url.pathname;
  const address = `${call.method} ${path}`;
  if (address === 'GET /oauth/authorize') return oauth.authorize(call);
  if (address === 'POST /oauth/token') return oauth.token(call);
  if (address === 'GET /logout') return oauth.logout(call);
  const accessToken = /^Bearer ([\w-]+)$/.exec(call.headers.authorization ?? '')?.[1] ?? '';
  const clientId = tokens.clientOf(accessToken);
  if (clientId === undefined) throw apiError(401, 'authentication.required', 'No good token');
  if (address === 'GET /api/v2/badges/chats') return badges.list(call);
  if (call.method === 'DELETE' && path.startsWith('/api/v2/badges/chats/')) return badges.clear(call);
  if (address === 'GET /api/v2/tokens/me') return badges.tokenInfo(clientId);
  if (address === 'DELETE /api/v2/tokens/me') return badges.revoke(call, accessToken);
  if (address === 'GET /api/v2/users/me') return badges.me();
  const answer = notifications.answer(call);
  if (answer === undefined) throw apiError(404, 'not.found', `Nothing at ${address}`);
  return answer;
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  route: (call: HttpCall) => HttpAnswer,
  origins: ReadonlySet<string>,
  requests: RecordedRequest[],
): Promise<void> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += chunk;
  const { method = '', headers } = request;
  const url = new URL(request.url ?? '/', `http://${headers.host}`);
  const cors = corsHeaders(headers, origins);
  const answer =
    method === 'OPTIONS' ? preflight(cors) : answered(() => route({ method, url, headers, body }));
  requests.push({
    method,
    url: request.url ?? '',
    contentType: headers['content-type'],
    body,
    status: answer.status,
    location: answer.headers?.Location,
  });
  response.writeHead(answer.status, { 'Content-Type': 'application/json', ...cors, ...answer.headers });
  response.end(typeof answer.body === 'string' ? answer.body : answer.body && JSON.stringify(answer.body));
}

function answered(route: () => HttpAnswer): HttpAnswer {
  try {
    return route();
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    return { status: 500, body: { message: String(error), code: 'internal.server.error', status: 500 } };
  }
}

function corsHeaders(
  headers: IncomingMessage['headers'],
  origins: ReadonlySet<string>,
): Record<string, string> {
  const { origin } = headers;
  return origin !== undefined && origins.has(origin)
    ? { 'Access-Control-Allow-Origin': origin, Vary: 'Origin' }
    : {};
}

/** Only what the API needs: a client that sends another header fails in a browser. */
function preflight(cors: Record<string, string>): HttpAnswer {
  if (Object.keys(cors).length === 0) return { status: 403 };
  return {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': 'GET, POST, PUT, DELETE',
      'Access-Control-Allow-Headers': 'authorization, content-type',
    },
  };
}

function unreadAtFirst(): DoubleEntity[] {
  const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 12, minute));
  return [
    { jabberId: 'grace@app.badged', type: 'person', unreadCount: 3, lastUnread: at(3) },
    { jabberId: 'o\\27brien\\40home@app.badged', type: 'person', unreadCount: 1, lastUnread: at(2) },
    { jabberId: 'alan@app.badged', type: 'person', unreadCount: 7, lastUnread: at(1) },
    { jabberId: '\u{1f41d}@conference.app.badged', type: 'group', unreadCount: 2, lastUnread: at(0) },
    { jabberId: 'read@app.badged', type: 'person', unreadCount: 0, lastUnread: at(4) },
  ];
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not a TCP socket');
  return address.port;
}
