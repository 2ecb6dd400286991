/**
 * The HTTP API as a Fastify application. It does not listen: the caller does, and tests inject requests. All
 * dependencies are passed in.
 */

import { createServer } from 'node:https';
import { limits } from '@badged/core';
import websocket from '@fastify/websocket';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerFactory,
  LogController,
} from 'fastify';
import { Registry } from 'prom-client';
import { History } from '../history/history.js';
import { Live } from '../live/live.js';
import { SnapshotStreams } from '../live/snapshot_streams.js';
import { DashboardSessions } from '../service/dashboard_sessions.js';
import type { KnownServer } from '../service/servers.js';
import type { Service } from '../service/service.js';
import { requireAccess } from './access.js';
import { adminEndpoints } from './admin/endpoints.js';
import { overviewEndpoint } from './admin/overview.js';
import { admission } from './admission/admission.js';
import { defaultRateLimits, type RateLimits } from './admission/rate_limit.js';
import { addCors } from './cors.js';
import { addPages, builtPages } from './dashboard/pages.js';
import { addSessionRoutes } from './dashboard/session_routes.js';
import { formatErrors, layerFormat, sendError } from './foundation/error_handler.js';
import { ApiError } from './foundation/errors.js';
import { readJsonBodies } from './foundation/json_body.js';
import { BodyReader } from './foundation/request_body.js';
import { requestIds } from './foundation/request_ids.js';
import { addRoute } from './foundation/route.js';
import { buildSerializer } from './foundation/serializers.js';
import { compileValidator } from './foundation/validation/validation.js';
import { genesysFormat } from './genesys/errors.js';
import { addGenesysApi } from './genesys/routes.js';
import { addBadgeStream } from './layer/badge_stream.js';
import { layerEndpoints } from './layer/endpoints.js';
import { addBatchRoute } from './layer/events.js';
import { overrideError, overrideMethod } from './method_override.js';
import { addOAuth } from './oauth/routes.js';
import { addDocsPage } from './openapi/docs_page.js';
import { describeApi } from './openapi/document.js';
import { addErrorReference } from './operations/error_reference.js';
import { addHealthRoutes } from './operations/health.js';
import { addMetricsRoute, measureRequests, measureStreams } from './operations/metrics.js';
import { logRequests, requestLogger, requestSerializers } from './request_log.js';
import { addSecurityHeaders, securityHeaders } from './security_headers.js';
import { refuseUnknownEndpoints } from './unknown_endpoints.js';
import { dropUnreadBodies } from './unread_bodies.js';
import { closeRefusedUpgrades, UpgradableRequest } from './upgrades.js';

export interface HttpOptions {
  readonly service: Service;
  /** SHA-256 of the admin token. */
  readonly adminTokenHash: Uint8Array;
  readonly config?: HttpConfig;
  /** A pino logger. Without one, nothing is logged. */
  readonly logger?: FastifyBaseLogger;
  /** The open channels of users; closed with the application. Default: a new one. */
  readonly live?: Live;
  /** Live badge streams; closed with the application. Default: a new one. */
  readonly streams?: SnapshotStreams;
  /** Sessions of the dashboard. Default: a new store, which ends with the application. */
  readonly sessions?: DashboardSessions;
  /** The servers of the service, for the overview. Default: none is listed. */
  readonly servers?: () => Promise<readonly KnownServer[]>;
  /** The folder of the built dashboard. Default: where its build writes it. */
  readonly pagesFolder?: string;
  /** The registry that request metrics are added to. */
  readonly metrics?: Registry;
  /** The history of these metrics; stopped with the application. Default: a new one. */
  readonly history?: History;
  /** Receives request bodies. Default: a new one, with the documented limits. */
  readonly bodies?: BodyReader;
}

export interface HttpConfig {
  /** What absolute URLs start with, such as https://badges.example.com. Default: the scheme and host of the request. */
  readonly publicUrl?: string;
  /** Origins whose pages may call the main API with a user token, such as https://chat.example.com. Default: none. */
  readonly corsOrigins?: readonly string[];
  /** Default: defaultRateLimits. */
  readonly rateLimits?: Partial<RateLimits>;
  /** Whether X-Forwarded-* headers are trusted. */
  readonly trustProxy?: boolean;
  /** Development: users of an app without a login page sign in with a user id of their choice. */
  readonly dev?: boolean;
  /** PEM. Left out, the application speaks plain HTTP. */
  readonly tls?: { readonly key: string; readonly cert: string };
  /** The program's version, shown in the OpenAPI document. */
  readonly version?: string;
}

/** The longest URL that Node accepts, so that an id that is too long gets its own error message. */
const maxParamLength = 16_384;

export function buildHttp({
  service,
  adminTokenHash,
  config = {},
  logger,
  live = new Live(service),
  streams = new SnapshotStreams(service),
  sessions = new DashboardSessions(service, adminTokenHash),
  servers = async () => [],
  pagesFolder = builtPages,
  metrics = new Registry(),
  history = new History({ registry: metrics, now: service.now }),
  bodies = new BodyReader(),
}: HttpOptions): FastifyInstance {
  const publicUrl = config.publicUrl?.replace(/\/+$/, '');
  const app = newFastify(config, logger);
  formatErrors(app, layerFormat(publicUrl));
  readJsonBodies(app, bodies);
  dropUnreadBodies(app, bodies);
  addSecurityHeaders(app);
  addCors(app, service, config.corsOrigins ?? []);
  const admitted = admission(app, { ...defaultRateLimits, ...config.rateLimits }, metrics);
  admitted.open();
  logRequests(app);
  measureRequests(app, metrics);
  measureStreams(streams, metrics);
  keepHistory(app, history);
  refuseWhileClosing(app);
  closeRefusedUpgrades(app);
  app.addHook('onRequest', (request, _reply, done) => done(overrideError(request)));
  const refuseUnknown = refuseUnknownEndpoints(app);
  const { version = '0.0.0' } = config;
  describeApi(app, { version, publicUrl });
  addDocsPage(app);
  const { refuseUnauthenticated } = admitted;
  requireAccess(app, { service, adminTokenHash, sessions, publicUrl, refuseUnauthenticated });
  admitted.limit();
  app.register(websocket, { options: { maxPayload: 4_096 } });
  app.addHook('preClose', async () => live.close());
  app.addHook('preClose', async () => streams.close());
  const deps = { service, publicUrl };
  addGenesysApi(app, live, deps, refuseUnknown);
  addOAuth(app, { ...deps, bodies, isDev: config.dev ?? false });
  app.register(async (routes) => {
    for (const endpoint of [...layerEndpoints, ...adminEndpoints]) addRoute(routes, endpoint, deps);
    addBadgeStream(routes, service, streams);
    addBatchRoute(routes, layerEndpoints, { ...deps, bodies });
    addSessionRoutes(routes, { sessions, publicUrl, version });
    addHealthRoutes(routes, service);
    addMetricsRoute(routes, metrics);
    addRoute(routes, overviewEndpoint(history, servers), deps);
    addErrorReference(routes);
    addPages(routes, pagesFolder);
  });
  return app;
}

function keepHistory(app: FastifyInstance, history: History): void {
  app.addHook('onReady', async () =>
    history.start((error) => app.log.error({ err: error }, 'The metrics could not be read.')),
  );
  app.addHook('preClose', async () => history.stop());
}

function newFastify(config: HttpConfig, logger: FastifyBaseLogger | undefined): FastifyInstance {
  const app = Fastify({
    ...(logger === undefined
      ? {}
      : { loggerInstance: logger.child({}, { serializers: requestSerializers }) }),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: requestIds(),
    childLoggerFactory: requestLogger,
    bodyLimit: limits.bodyBytes,
    rewriteUrl: overrideMethod,
    http: { IncomingMessage: UpgradableRequest },
    ...(config.tls !== undefined && { serverFactory: secureServer(config.tls) }),
    return503OnClosing: false,
    trustProxy: config.trustProxy ?? false,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength },
    schemaController: { compilersFactory: { buildSerializer } },
    frameworkErrors: (thrown, request, reply: FastifyReply) => {
      request.log.info({ code: thrown.code }, 'URL refused');
      reply.headers(securityHeaders).header('x-request-id', request.id);
      const error = new ApiError('invalid_endpoint', 'The URL cannot be decoded. URL-encode its parts.');
      const format = isGenesysUrl(request.url) ? genesysFormat : layerFormat(config.publicUrl);
      sendError(reply, format({ error, thrown: error }, request));
    },
  });
  app.setValidatorCompiler(compileValidator);
  return app;
}

function isGenesysUrl(url: string): boolean {
  return url.startsWith('/api/v2/');
}

/** Like Fastify's https option, which would change the type of the application. */
function secureServer(tls: NonNullable<HttpConfig['tls']>): FastifyServerFactory {
  return (handler) => createServer({ ...tls, IncomingMessage: UpgradableRequest }, handler);
}

/** Accepted requests are finished. New ones over open connections get a 503. */
function refuseWhileClosing(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onRequest', (_request, _reply, done) => done(closing ? shuttingDown() : undefined));
}

function shuttingDown(): ApiError {
  const headers = { connection: 'close', 'retry-after': '1' };
  return new ApiError('service_unavailable', 'The service is shutting down. Try again in a moment.', {
    headers,
  });
}
