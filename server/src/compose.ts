/**
 * The composition root: the one place that knows every adapter. It opens the store, puts the service on it and
 * the HTTP API before it, and listens. Flags and the environment are read elsewhere (cli/), so that a test
 * starts the same program on port 0.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Logger, pino } from 'pino';
import { Registry } from 'prom-client';
import { type FirstStart, makeDemo } from './first_start.js';
import { buildHttp } from './http/http.js';
import type { RateLimit } from './http/rate_limit.js';
import { Live, type LiveOptions } from './live/live.js';
import { SnapshotStreams } from './live/snapshot_streams.js';
import { Delivery } from './push/delivery.js';
import type { DispatcherSettings } from './push/dispatcher.js';
import { pushCounter, reportDelivery } from './push/metrics.js';
import { openProviders, type ProviderSettings } from './push/providers.js';
import { openSecretKey } from './secret_key_file.js';
import { prepareAdminToken } from './service/admin_token.js';
import { DashboardSessions } from './service/dashboard_sessions.js';
import { storedCredentials, unreadableCredentials } from './service/push_credentials.js';
import type { SecretKey } from './service/sealing.js';
import { openService, type Service } from './service/service.js';
import { openEmbeddedStore } from './store/embedded.js';
import { reportStore } from './store/host/metrics.js';
import type { Store } from './store/port.js';
import { developmentTls, readTls, type Tls } from './tls/certificate.js';
import { version } from './version.js';

export { SecretKeyError } from './service/sealing.js';
export { verifyDirectory } from './store/embedded.js';
export type { VerifyResult } from './store/host/verify.js';
export { DataDirectoryError } from './store/sqlite/database.js';

/** Orchestrators commonly kill after 30 seconds; whatever was accepted is answered long before. */
const closingPatienceMs = 10_000;

export interface Config {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly dataDir: string;
  /** Default: one is made at the first start. */
  readonly adminToken?: string;
  readonly logLevel: string;
  /** What absolute addresses in answers start with. Default: as the request was addressed. */
  readonly publicUrl?: string;
  readonly trustProxy?: boolean;
  /** Whose pages may call the main API with a user's token. Default: only this server's own. */
  readonly corsOrigins?: readonly string[];
  readonly rateLimit?: RateLimit;
  /** 32 bytes, hexadecimal or base64. Default: one is made at the first start, beside the data. */
  readonly secretKey?: string;
  readonly push?: PushConfig;
  /** Default: plain http. */
  readonly tls?: TlsConfig;
  /** Whoever signs in to an app without a login page may say who they are. */
  readonly dev?: boolean;
  readonly live?: LiveOptions;
  /** How many live streams of badges may be open in all. */
  readonly maxStreams?: number;
}

export type TlsConfig =
  /** With a certificate that is made and kept in the data directory. */
  | { readonly kind: 'development' }
  | { readonly kind: 'files'; readonly certFile: string; readonly keyFile: string };

export interface PushConfig extends ProviderSettings {
  readonly coalesceMs?: number;
  /** How long a push is tried. */
  readonly notificationTtlMs?: number;
  /** The pace of delivery, for tests that cannot wait as long as a provider can. */
  readonly dispatcher?: Partial<DispatcherSettings>;
}

export interface Running {
  /** Where it listens, such as http://127.0.0.1:8080. */
  readonly url: string;
  /** Where the dashboard is, as its users reach it. */
  readonly dashboardUrl: string;
  /** The same with a code that signs in whoever opens it first, for a while. A new one takes the last one's place. */
  signInUrl(): string;
  /** The certificate that clients have to be told to trust, where it was made here. */
  readonly certFile?: string;
  /** Only at the start that made the data directory. */
  readonly firstStart?: FirstStart;
  /** Finishes what was accepted, and lets go of everything. */
  close(): Promise<void>;
}

/** Throws DataDirectoryError, SecretKeyError, and what listening throws (EADDRINUSE, EACCES). */
export async function start(
  config: Config,
  onProgress: (message: string) => void = () => {},
): Promise<Running> {
  const logger = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  await checkAddress(config);
  const store = await openEmbeddedStore({
    directory: config.dataDir,
    onProgress,
    onFatal: (error) => {
      logger.fatal(
        { err: error },
        'the disk did not take what was accepted; stopping, so that nothing false is shown',
      );
      process.exit(1);
    },
  });
  try {
    const metrics = new Registry();
    const secretKey = openSecretKey(config.secretKey, config.dataDir);
    const push = openDelivery({ store, secretKey, config, logger, metrics });
    const { notificationTtlMs } = config.push ?? {};
    const service = await openService(store, {
      now: Date.now,
      newId: randomUUID,
      push,
      secretKey,
      ...(notificationTtlMs !== undefined && { notificationTtlMs }),
    });
    await reportUnreadable(service, logger);
    const admin = await prepareAdminToken(store.apps, config.adminToken);
    const installation = randomBytes(16);
    const isFirst = Buffer.compare(await store.apps.secret('installation', installation), installation) === 0;
    const demo = isFirst ? await makeDemo(service) : undefined;
    reportStore(store, metrics);
    const tls = openTls(config);
    const sessions = new DashboardSessions(service, admin.hash);
    const http = buildHttp({
      service,
      adminTokenHash: admin.hash,
      config: { ...httpConfig(config), ...(tls !== undefined && { tls }) },
      live: new Live(service, config.live),
      streams: new SnapshotStreams(
        service,
        config.maxStreams === undefined ? {} : { maxInAll: config.maxStreams },
      ),
      sessions,
      logger,
      metrics,
    });
    await http.listen({ host: config.host, port: config.port });
    push.start();
    const url = urlOf(http.server.address(), config.host, tls === undefined ? 'http' : 'https');
    return {
      url,
      ...dashboardUrls(config.publicUrl ?? url, sessions),
      ...(tls?.certFile !== undefined && { certFile: tls.certFile }),
      ...(demo !== undefined && { firstStart: { ...demo, adminToken: admin.made } }),
      async close() {
        await closeHttp(http);
        await push.close();
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/**
 * Whether anybody else has the port is found out before a first start makes tokens, which are shown once: they would
 * be made, and never be shown.
 */
async function checkAddress({ host, port }: Config): Promise<void> {
  const probe = createServer();
  probe.listen({ host, port });
  await once(probe, 'listening');
  probe.close();
  await once(probe, 'close');
}

function dashboardUrls(base: string, sessions: DashboardSessions) {
  const dashboardUrl = `${base.replace(/\/+$/, '')}/`;
  return { dashboardUrl, signInUrl: () => `${dashboardUrl}#code=${sessions.makeCode()}` };
}

interface DeliveryParts {
  readonly store: Store;
  readonly secretKey: SecretKey;
  readonly config: Config;
  readonly logger: Logger;
  readonly metrics: Registry;
}

function openDelivery({ store, secretKey, config, logger, metrics }: DeliveryParts): Delivery {
  const { coalesceMs, dispatcher, notificationTtlMs: _, ...settings } = config.push ?? {};
  const providers = openProviders({
    settings,
    credentials: async (app, platform) => {
      const kept = await storedCredentials({ store, secretKey }, app, platform);
      return kept === 'unreadable' ? kept : kept?.credentials;
    },
    log: logger,
    onOutcome: pushCounter(metrics),
  });
  const delivery = new Delivery({
    store,
    providers,
    now: Date.now,
    settings: { ...dispatcher, ...(coalesceMs !== undefined && { coalesceMs }) },
    onError: (error) => logger.error({ err: error }, 'a push failed for a reason of our own'),
  });
  reportDelivery(store, delivery, metrics);
  return delivery;
}

/** Nothing is lost by it: the pushes of these apps wait. */
async function reportUnreadable(service: Service, logger: Logger): Promise<void> {
  const unreadable = await unreadableCredentials(service);
  if (unreadable.length === 0) return;
  logger.error(
    { unreadable },
    'The secret key is not the one that these push credentials were sealed with. Start with that key again ' +
      '(--secret-key, BADGED_SECRET_KEY or secret.key in the data directory), or set the credentials anew.',
  );
}

/**
 * Node closes only those connections that are idle when the closing begins. Others become idle once their last
 * request is answered, and those that answer nothing for a while are cut.
 */
async function closeHttp(http: ReturnType<typeof buildHttp>): Promise<void> {
  const idle = setInterval(() => http.server.closeIdleConnections(), 50);
  const patience = setTimeout(() => http.server.closeAllConnections(), closingPatienceMs);
  await http.close();
  clearInterval(idle);
  clearTimeout(patience);
}

function openTls({ tls, dataDir }: Config): (Tls & { readonly certFile?: string }) | undefined {
  if (tls === undefined) return undefined;
  return tls.kind === 'files' ? readTls(tls.certFile, tls.keyFile) : developmentTls(dataDir, Date.now());
}

function httpConfig({ publicUrl, trustProxy, corsOrigins, rateLimit, dev }: Config) {
  return {
    version,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(trustProxy !== undefined && { trustProxy }),
    ...(corsOrigins !== undefined && { corsOrigins }),
    ...(rateLimit !== undefined && { rateLimit }),
    ...(dev !== undefined && { dev }),
  };
}

function urlOf(address: AddressInfo | string | null, host: string, scheme: 'http' | 'https'): string {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
