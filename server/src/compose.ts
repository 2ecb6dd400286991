/**
 * The composition root: the one place that knows every adapter. It opens the store, puts the service on it and
 * the HTTP API before it, and listens. Flags and the environment are read elsewhere (cli/), so that a test
 * starts the same program on port 0.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import { type FirstStart, makeDemo } from './first_start.js';
import { buildHttp } from './http/http.js';
import type { RateLimit } from './http/rate_limit.js';
import { prepareAdminToken } from './service/admin_token.js';
import { openService } from './service/service.js';
import { reportStore } from './store/sqlite/metrics.js';
import { openSqliteStore } from './store/sqlite/store.js';
import { version } from './version.js';

export { DataDirectoryError } from './store/sqlite/database.js';
export { type VerifyResult, verify } from './store/sqlite/verify.js';

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
  readonly rateLimit?: RateLimit;
}

export interface Running {
  /** Where it listens, such as http://127.0.0.1:8080. */
  readonly url: string;
  /** Only at the start that made the data directory. */
  readonly firstStart?: FirstStart;
  /** Finishes what was accepted, and lets go of everything. */
  close(): Promise<void>;
}

/** Throws DataDirectoryError, and what listening throws (EADDRINUSE, EACCES). */
export async function start(
  config: Config,
  onProgress: (message: string) => void = () => {},
): Promise<Running> {
  const logger = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const store = openSqliteStore({
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
    const service = await openService(store, { now: Date.now, newId: randomUUID });
    const admin = await prepareAdminToken(store.apps, config.adminToken);
    const installation = randomBytes(16);
    const isFirst = Buffer.compare(await store.apps.secret('installation', installation), installation) === 0;
    const demo = isFirst ? await makeDemo(service) : undefined;
    const metrics = new Registry();
    reportStore(store, metrics);
    const http = buildHttp({
      service,
      adminTokenHash: admin.hash,
      config: httpConfig(config),
      logger,
      metrics,
    });
    await http.listen({ host: config.host, port: config.port });
    return {
      url: urlOf(http.server.address(), config.host),
      ...(demo !== undefined && { firstStart: { ...demo, adminToken: admin.made } }),
      async close() {
        await closeHttp(http);
        await store.close();
      },
    };
  } catch (error) {
    await store.close();
    throw error;
  }
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

function httpConfig({ publicUrl, trustProxy, rateLimit }: Config) {
  return {
    version,
    ...(publicUrl !== undefined && { publicUrl }),
    ...(trustProxy !== undefined && { trustProxy }),
    ...(rateLimit !== undefined && { rateLimit }),
  };
}

function urlOf(address: AddressInfo | string | null, host: string): string {
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
