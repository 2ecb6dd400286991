/**
 * The composition root: what is plugged into what. It opens the store, gives it to the service, gives the service to the
 * HTTP API, and listens. Flags and the environment are read in cli/, so that a test starts the same program on port 0.
 */
import { randomUUID } from 'node:crypto';
import { totalmem } from 'node:os';
import type { Logger } from 'pino';
import { Registry } from 'prom-client';
import { type FirstStart, firstStart } from './first_start.js';
import type { RateLimit } from './http/admission/rate_limit.js';
import { buildHttp } from './http/http.js';
import { checkPortIsFree, closeServer, urlOf } from './listening.js';
import { Live, type LiveOptions } from './live/live.js';
import { SnapshotStreams } from './live/snapshot_streams.js';
import { openLog } from './log/log.js';
import { reportDataDirectory } from './metrics/data_directory.js';
import { reportProcess } from './metrics/process.js';
import { openDelivery, type PushConfig, reportUnreadable } from './push_wiring.js';
import { openSecretKey } from './secret_key_file.js';
import { openServers } from './servers_wiring.js';
import { prepareAdminToken } from './service/admin_token.js';
import { DashboardSessions } from './service/dashboard_sessions.js';
import { parseAccessChange } from './service/oauth/access_changes.js';
import { SecretKey, SecretKeyError } from './service/sealing.js';
import { openService, type Service } from './service/service.js';
import { ShownOnce } from './service/shown_once.js';
import { openClusterStore } from './store/cluster.js';
import { openEmbeddedStore } from './store/embedded.js';
import { commitDurations, reportSharedStore, reportStore } from './store/host/metrics.js';
import { SharedStore } from './store/host/shared_store.js';
import type { Store } from './store/port.js';
import { DataDirectoryError, dataDirectoryError } from './store/sqlite/data_directory_error.js';
import { developmentTls, readTls, type Tls } from './tls/certificate.js';
import { version } from './version.js';

export type { PushConfig } from './push_wiring.js';
export { SecretKeyError } from './service/sealing.js';
export { ClusterDatabaseError, verifyDatabase } from './store/cluster.js';
export { verifyDirectory } from './store/embedded.js';
export type { VerifyResult } from './store/host/verify.js';
export { DataDirectoryError } from './store/sqlite/data_directory_error.js';
export { TlsFileError } from './tls/certificate.js';

export interface Config {
  readonly host: string;
  /** 0 picks a free port. */
  readonly port: number;
  /** Where the embedded store is, and a certificate that was made. */
  readonly dataDir: string;
  /** A PostgreSQL in place of the embedded store. Several nodes may use the same one, with the same secret key. */
  readonly databaseUrl?: string;
  /** Whether servers over PostgreSQL notify each other of changes; else they only poll. Default: true. */
  readonly sendsHints?: boolean;
  /** How much memory apps may take, and how long idle ones stay in it. */
  readonly memory?: MemoryConfig;
  /** How long the journal keeps messages, in milliseconds. Default: for ever. */
  readonly keepMessages?: number;
  /** Default: made at the first start. */
  readonly adminToken?: string;
  /** Whether the first start makes an app to try it with. Default: unless adminToken is set. */
  readonly demo?: boolean;
  readonly logLevel: string;
  /** What absolute URLs in responses start with. Default: the scheme and host of the request. */
  readonly publicUrl?: string;
  readonly trustProxy?: boolean;
  /** Origins whose pages may call the main API with a user token. Default: only this server's own. */
  readonly corsOrigins?: readonly string[];
  /** Of each user, and of each address without a token. Default: 1000 requests in 10 seconds. */
  readonly rateLimit?: RateLimit | 'off';
  /** Of each token of an app, and of the admin token. Default: off. */
  readonly appRateLimit?: RateLimit | 'off';
  /** 32 bytes, hexadecimal or base64. Default: made at the first start, beside the data. */
  readonly secretKey?: string;
  readonly push?: PushConfig;
  /** Default: plain http. */
  readonly tls?: TlsConfig;
  /** Development: users of an app without a login page sign in with a user id of their choice. */
  readonly dev?: boolean;
  readonly live?: LiveOptions;
  /** The most live badge streams that may be open at once. */
  readonly maxStreams?: number;
}

export interface MemoryConfig {
  /** An app that no request has needed for so long is removed from memory. Default: 15 minutes. */
  readonly appIdleMs?: number;
  /** How many bytes the apps in memory may take. Default: half of what the process may use. */
  readonly budget?: number;
}

export type TlsConfig =
  /** With a certificate that is made and stored in the data directory. */
  | { readonly kind: 'development' }
  | { readonly kind: 'files'; readonly certFile: string; readonly keyFile: string };

export interface Running {
  /** Where it listens, such as http://127.0.0.1:8080. */
  readonly url: string;
  /** Where the dashboard is, as its users reach it. */
  readonly dashboardUrl: string;
  /** The same with a code that signs in the first browser that opens it, until it expires. A new code replaces the last one. */
  signInUrl(): string;
  /** The certificate that clients must trust, if it was made here. */
  readonly certFile?: string;
  /** What is to be shown now: until `shown()` is called, each start has it. */
  readonly firstStart?: FirstStart;
  /** Finishes accepted requests, then closes everything. */
  close(): Promise<void>;
}

/**
 * Throws DataDirectoryError, ClusterDatabaseError, SecretKeyError, TlsFileError, and what listening throws (EADDRINUSE, EACCES). A start that
 * throws, or is killed, loses nothing that the next start cannot show.
 */
export async function start(
  config: Config,
  onProgress: (message: string) => void = () => {},
): Promise<Running> {
  const checked = await checkConfig(config);
  const log = openLog(config.logLevel);
  const { logger } = log;
  const metrics = new Registry();
  const store = await openStore(config, { logger, metrics, onProgress });
  try {
    const tls = checked.tls ?? inDataDirectory(config, openTls);
    const secretKey = checked.secretKey ?? inDataDirectory(config, openSecretKey);
    const push = openDelivery({ store, secretKey, logger, metrics }, config.push);
    const { notificationTtlMs } = config.push ?? {};
    const service = await openService(store, {
      now: Date.now,
      newId: randomUUID,
      push,
      secretKey,
      ...(notificationTtlMs !== undefined && { notificationTtlMs }),
    });
    if (store instanceof SharedStore) shareAccessChanges(store, service, logger);
    await reportUnreadable(service, logger);
    const shownOnce = new ShownOnce(store.apps, secretKey);
    const admin = await prepareAdminToken(shownOnce, config.adminToken);
    const hasDemo = config.demo ?? config.adminToken === undefined;
    const first = await firstStart(service, shownOnce, { admin, hasDemo });
    log.report(metrics);
    reportProcess(metrics, { version, store: store instanceof SharedStore ? 'postgresql' : 'embedded' });
    const servers = await openServers({ store, service, secretKey });
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
      servers,
      logger,
      metrics,
    });
    await http.ready();
    // Made here once, because making it takes longer than a request may.
    http.swagger();
    await http.listen({ host: config.host, port: config.port });
    push.start();
    const url = urlOf(http.server.address(), config.host, tls === undefined ? 'http' : 'https');
    return {
      url,
      ...dashboardUrls(config.publicUrl ?? url, sessions),
      ...(tls?.certFile !== undefined && { certFile: tls.certFile }),
      ...(first !== undefined && { firstStart: first }),
      async close() {
        await closeServer(http);
        await push.close();
        await store.close();
        log.close();
      },
    };
  } catch (error) {
    await store.close();
    log.close();
    throw error;
  }
}

interface StoreDeps {
  readonly logger: Logger;
  readonly metrics: Registry;
  readonly onProgress: (message: string) => void;
}

async function openStore(
  { dataDir, databaseUrl, memory = {}, sendsHints = true, keepMessages }: Config,
  { logger, metrics, onProgress }: StoreDeps,
): Promise<Store> {
  const onWarning = (message: string) => logger.warn(message);
  const { appIdleMs, budget = usableMemory() / 2 } = memory;
  if (databaseUrl !== undefined) {
    const limits = { budget, ...(appIdleMs !== undefined && { idleMs: appIdleMs }) };
    const store = await openClusterStore({
      url: databaseUrl,
      onWarning,
      memory: limits,
      ...(keepMessages !== undefined && { keepMs: keepMessages }),
      sendsHints,
      onCommit: commitDurations(metrics),
    });
    reportSharedStore(store, metrics);
    return store;
  }
  const onFatal = (error: Error) => stopOnDiskError(error, dataDir, logger);
  const onCommit = commitDurations(metrics);
  const store = await openEmbeddedStore({
    directory: dataDir,
    memoryBudget: budget,
    ...(keepMessages !== undefined && { keepMs: keepMessages }),
    onProgress,
    onWarning,
    onFatal,
    onCommit,
  });
  reportStore(store, metrics);
  reportDataDirectory(dataDir, metrics);
  return store;
}

/** In bytes: of the machine, or of the container. */
function usableMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}

/** Streams that depend on what another server removed end here as well. Apps and tokens are the store's own. */
function shareAccessChanges(store: SharedStore, { oauth: { changes }, now }: Service, logger: Logger): void {
  store.onRemoval(({ app, token }) =>
    changes.emit(
      token === undefined ? { app, kind: 'app' } : { app, kind: 'token', id: token },
      'another_server',
    ),
  );
  store.access.onChange((text) => {
    const change = parseAccessChange(text);
    if (change !== undefined) changes.emit(change, 'another_server');
  });
  changes.subscribe((change, origin) => {
    if (origin !== 'here' || change.kind === 'app' || change.kind === 'token') return;
    store.access.announce(JSON.stringify(change), now()).catch((error) => {
      logger.warn({ err: error }, 'Streams on other servers end with their next heartbeat only.');
    });
  });
}

type ServedTls = Tls & { readonly certFile?: string };

/** Reads all that a mistake in the configuration can make fail, before anything is written. */
async function checkConfig(config: Config) {
  const { tls, secretKey, databaseUrl } = config;
  if (databaseUrl !== undefined && secretKey === undefined) throw new SecretKeyError(secretKeyIsMissing);
  const files: ServedTls | undefined = tls?.kind === 'files' ? readTls(tls.certFile, tls.keyFile) : undefined;
  const key = secretKey === undefined ? undefined : SecretKey.parse(secretKey);
  await checkPortIsFree(config);
  return { tls: files, secretKey: key };
}

const secretKeyIsMissing =
  'With DATABASE_URL, set BADGED_SECRET_KEY to 32 bytes, the same on every node. Make them with: openssl rand -hex 32';

function stopOnDiskError(error: Error, dataDir: string, logger: Logger): never {
  const known = dataDirectoryError(error, dataDir);
  logger.fatal(
    known instanceof DataDirectoryError ? { reason: known.message } : { err: error },
    'Writing to the disk failed. The process stops, so that it shows nothing that is not stored.',
  );
  process.exit(1);
}

function dashboardUrls(base: string, sessions: DashboardSessions) {
  const dashboardUrl = `${base.replace(/\/+$/, '')}/`;
  return { dashboardUrl, signInUrl: () => `${dashboardUrl}#code=${sessions.makeCode()}` };
}

function openTls({ tls, dataDir }: Config): ServedTls | undefined {
  return tls?.kind === 'development' ? developmentTls(dataDir, Date.now()) : undefined;
}

/** @throws DataDirectoryError if a file in it cannot be read or written. */
function inDataDirectory<T>(config: Config, open: (config: Config) => T): T {
  try {
    return open(config);
  } catch (error) {
    throw dataDirectoryError(error, config.dataDir);
  }
}

function httpConfig({ publicUrl, trustProxy, corsOrigins, rateLimit, appRateLimit, dev }: Config) {
  return {
    version,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(trustProxy !== undefined && { trustProxy }),
    ...(corsOrigins !== undefined && { corsOrigins }),
    rateLimits: {
      ...(rateLimit !== undefined && { clients: rateLimit }),
      ...(appRateLimit !== undefined && { apps: appRateLimit }),
    },
    ...(dev !== undefined && { dev }),
  };
}
