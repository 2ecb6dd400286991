/**
 * A service to talk to: the real HTTP application over the reference store, with a clock that tests can turn,
 * and every kind of token. Whatever it answers to send() is also checked against its OpenAPI document.
 */
import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger, FastifyInstance, LightMyRequestResponse } from 'fastify';
import { pino } from 'pino';
import type { BodyReader } from '../../src/http/foundation/request_body.js';
import { buildHttp, type HttpConfig, type HttpOptions } from '../../src/http/http.js';
import { Delivery } from '../../src/push/delivery.js';
import { openProviders, type ProviderSettings } from '../../src/push/providers.js';
import { createApp } from '../../src/service/apps.js';
import { DashboardSessions } from '../../src/service/dashboard_sessions.js';
import { storedCredentials } from '../../src/service/push_credentials.js';
import { SecretKey } from '../../src/service/sealing.js';
import { hashSecret } from '../../src/service/secrets.js';
import { openService, type Service } from '../../src/service/service.js';
import type { Store } from '../../src/store/port.js';
import { ReferenceStore } from '../../src/store/reference/store.js';
import { openApiCheck } from './openapi_check.js';

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Request {
  /** The app's own unless given; anonymous for none. */
  readonly token?: string | typeof anonymous;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export const anonymous = Symbol('no token at all');

export interface World {
  readonly http: FastifyInstance;
  readonly service: Service;
  readonly adminToken: string;
  /** The app that most tests use, and another one. */
  readonly app: string;
  readonly token: string;
  readonly otherApp: string;
  readonly otherToken: string;
  readonly clock: { now: number };
  /** Not started: devices that are registered are told at once, and nothing else is. */
  readonly delivery: Delivery;
  /** Of the dashboard. */
  readonly sessions: DashboardSessions;
  userToken(user: string, app?: string): Promise<string>;
  send(method: Method, url: string, request?: Request): Promise<LightMyRequestResponse>;
  /** send() below the app's own address. */
  inApp(method: Method, path: string, request?: Request): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly config?: HttpConfig;
  readonly logger?: FastifyBaseLogger;
  /** Where the pages of the dashboard are. */
  readonly pagesFolder?: string;
  /** What stands between the service and the reference store, once the apps are there. */
  readonly around?: (store: Store) => Store;
  readonly beforeReady?: (http: FastifyInstance) => void;
  /** Where pushes go; without credentials, which no app has at first, nowhere. */
  readonly providers?: ProviderSettings;
  /** What receives the bodies. */
  readonly bodies?: BodyReader;
}

export async function openWorld(options: WorldOptions = {}): Promise<World> {
  const clock = { now: Date.parse('2030-01-01T12:00:00Z') };
  const store = new ReferenceStore();
  const adminToken = 'the-admin-token-of-the-tests';
  const hash = hashSecret(adminToken);
  const secretKey = SecretKey.random();
  const now = () => clock.now;
  const delivery = openDelivery(store, secretKey, now, options);
  const plain = await openService(store, { now, newId: randomUUID, push: delivery, secretKey });
  const first = await createApp(plain, { name: 'first' });
  const second = await createApp(plain, { name: 'second' });
  const service = options.around === undefined ? plain : { ...plain, store: options.around(store) };
  const sessions = new DashboardSessions({ ...service, elapsedMs: now }, hash);
  const http = await openHttp({ service, adminTokenHash: hash, sessions }, options);
  const documentKey = options.beforeReady === undefined ? JSON.stringify(options.config ?? {}) : undefined;
  const send = sender(http, first.token, documentKey);
  return {
    http,
    service,
    adminToken,
    app: first.app.id,
    token: first.token,
    otherApp: second.app.id,
    otherToken: second.token,
    clock,
    delivery,
    sessions,
    userToken: async (user, app = first.app.id) => (await service.userTokens.issue({ app, user })).text,
    send,
    inApp: (method, path, request) => send(method, `/apps/${first.app.id}${path}`, request),
    async close() {
      await http.close();
      await delivery.close();
    },
  };
}

function openDelivery(
  store: Store,
  secretKey: SecretKey,
  now: () => number,
  { providers: settings = {} }: WorldOptions,
): Delivery {
  const providers = openProviders({
    settings,
    credentials: async (app, platform) => {
      const kept = await storedCredentials({ store, secretKey }, app, platform);
      return kept === 'unreadable' ? kept : kept?.credentials;
    },
    log: pino({ level: 'silent' }),
    onOutcome: () => {},
  });
  const onError = (error: unknown) => {
    throw error;
  };
  return new Delivery({ store, providers, now, onError });
}

async function openHttp(
  parts: Pick<HttpOptions, 'service' | 'adminTokenHash' | 'sessions'>,
  { config, logger, pagesFolder, beforeReady, bodies }: WorldOptions,
): Promise<FastifyInstance> {
  const http = buildHttp({
    ...parts,
    // The tests send from one address what many clients would send.
    config: { rateLimits: { clients: 'off' }, ...config },
    ...(logger === undefined ? {} : { logger }),
    ...(pagesFolder === undefined ? {} : { pagesFolder }),
    ...(bodies === undefined ? {} : { bodies }),
  });
  beforeReady?.(http);
  rememberRoutes(http);
  await http.ready();
  return http;
}

function sender(http: FastifyInstance, token: string, documentKey: string | undefined): World['send'] {
  const problem = openApiCheck(http, documentKey);
  return async (method, url, request = {}) => {
    const bearer = request.token ?? token;
    const { body } = request;
    const answer = await http.inject({
      method,
      url,
      headers: {
        ...(bearer === anonymous ? {} : { authorization: `Bearer ${bearer}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
      },
      ...(body === undefined ? {} : { payload: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const route = answer.headers[routeHeader];
    if (typeof route === 'string' && isJson(answer)) {
      const payload: unknown = answer.body === '' ? undefined : JSON.parse(answer.body);
      const [verb = '', template = ''] = route.split(' ');
      const wrong = problem({ method: verb, route: template, status: answer.statusCode, payload });
      if (wrong !== undefined) throw new Error(`Not as the OpenAPI document says: ${wrong}`);
    }
    return answer;
  };
}

/** The store or a part of it, but for these of its methods. */
export function storeWith<S extends object>(store: S, methods: Partial<S>): S {
  return new Proxy(store, {
    get(target, name) {
      if (Object.hasOwn(methods, name)) return Reflect.get(methods, name);
      const member: unknown = Reflect.get(target, name);
      return typeof member === 'function' ? member.bind(target) : member;
    },
  });
}

const routeHeader = 'x-test-route';

/** The answer alone does not say which route it came from. */
function rememberRoutes(http: FastifyInstance): void {
  http.addHook('onSend', async ({ method, routeOptions, is404 }, reply) => {
    const documented = routeOptions.schema !== undefined && !('hide' in routeOptions.schema);
    if (!is404 && documented && method !== 'HEAD') reply.header(routeHeader, `${method} ${routeOptions.url}`);
  });
}

function isJson({ headers, body }: LightMyRequestResponse): boolean {
  return body === '' || `${headers['content-type']}`.startsWith('application/json');
}

export const text = (body: string) => [{ body, mime_type: 'text/plain' }];

/** The UUID at the end of a URI. */
export function uuidOf(uri: string): string {
  return uri.slice(uri.lastIndexOf('/') + 1);
}

/** The headers of a dashboard's request, newly signed in. */
export async function signedIn({ sessions, adminToken }: World): Promise<Record<string, string>> {
  const begun = await sessions.beginWithToken(adminToken);
  return { cookie: `badged_dashboard=${begun?.text}`, 'x-requested-with': 'badged' };
}

/** A conversation of these participants; its UUID. */
export async function conversationOf(world: World, ...participants: string[]): Promise<string> {
  const answer = await world.inApp('POST', '/conversations', { body: { participants } });
  return uuidOf(answer.json().id);
}

/** A message from a participant; its UUID. */
export async function messageFrom(world: World, conversation: string, user: string): Promise<string> {
  const body = { sender: { user_id: user }, parts: text('hello') };
  const answer = await world.inApp('POST', `/conversations/${conversation}/messages`, { body });
  return uuidOf(answer.json().id);
}

export async function badgeOf(world: World, user: string): Promise<Record<string, unknown>> {
  return (await world.inApp('GET', `/users/${encodeURIComponent(user)}/badge`)).json();
}
