/** What this server says of itself, and what it reads of the others. */
import { createHash } from 'node:crypto';
import { type SecretKey, SecretKeyError } from './service/sealing.js';
import { type KnownServer, parseReport, type ServerReport } from './service/servers.js';
import type { Service } from './service/service.js';
import { SharedStore } from './store/host/shared_store.js';
import type { Store } from './store/port.js';
import { version } from './version.js';

export interface ServersDeps {
  readonly store: Store;
  readonly service: Service;
  readonly secretKey: SecretKey;
}

/**
 * Reports to the other servers from now on, and returns how to read all reports.
 *
 * @throws SecretKeyError if another server has another secret key.
 */
export async function openServers({ store, service, secretKey }: ServersDeps): Promise<ListServers> {
  const startedAt = service.now();
  const key = createHash('sha256').update(secretKey.derive('servers')).digest('hex').slice(0, 16);
  const own = async (): Promise<ServerReport> => ({
    version,
    startedAt,
    eventsBehind: store instanceof SharedStore ? await store.eventsBehind() : 0,
    secretKey: key,
    paused: service.push.paused.map((each) => ({ ...each })),
  });
  if (!(store instanceof SharedStore)) return async () => [{ id: 'this', isThis: true, report: await own() }];
  const { servers } = store;
  servers.report = async () => JSON.stringify(await own());
  const list = async () => {
    const rows = await servers.list();
    return Promise.all(
      rows.map(async (row) => knownServer(row, row.id === servers.id ? await own() : undefined)),
    );
  };
  const known = async () => (await list()).flatMap((each) => each ?? []);
  if ((await known()).some(({ report }) => report.secretKey !== key)) throw new SecretKeyError(keysDiffer);
  await servers.beat();
  return known;
}

export type ListServers = () => Promise<readonly KnownServer[]>;

const keysDiffer =
  'Another server uses this database with another BADGED_SECRET_KEY. Set the same one on every server. To change it, stop all ' +
  'servers first, and wait for half a minute if one was killed.';

function knownServer(
  { id, report }: { readonly id: string; readonly report: string },
  own: ServerReport | undefined,
): KnownServer | undefined {
  const known = own ?? parseReport(report);
  return known && { id, isThis: own !== undefined, report: known };
}
