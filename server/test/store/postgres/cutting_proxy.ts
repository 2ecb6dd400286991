/** Stands between a node and its database, and cuts connections at the worst moment: after a commit, before its response. */
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { URL } from 'node:url';

export interface CuttingProxy {
  /** The database behind it. */
  readonly url: string;
  /** How many responses to commits it swallowed. */
  readonly cuts: number;
  /** The database is away: connections are closed, also new ones, until `resume`. */
  pause(): void;
  resume(): void;
  /** New connections lead to this database. */
  redirect(databaseUrl: string): void;
  close(): Promise<void>;
}

/** How the database says in its protocol that a commit is done. */
const committed = Buffer.from('COMMIT\0');

/** `cutsNext` is asked at each commit. */
export async function cuttingProxy(databaseUrl: string, cutsNext = () => false): Promise<CuttingProxy> {
  const directory = mkdtempSync(join(tmpdir(), 'badged-cut-'));
  const socketFile = '.s.PGSQL.5432';
  const open = new Set<Socket>();
  let cuts = 0;
  let isPaused = false;
  let address = addressOf(databaseUrl, socketFile);
  const server = createServer((client) => {
    if (isPaused) {
      client.destroy();
      return;
    }
    const database = connect(address);
    for (const socket of [client, database]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        client.destroy();
        database.destroy();
      });
    }
    client.pipe(database);
    database.on('data', (chunk: Buffer) => {
      if (chunk.includes(committed) && cutsNext()) {
        cuts += 1;
        client.destroy();
      } else client.write(chunk);
    });
  });
  await new Promise<void>((resolve) => server.listen(join(directory, socketFile), resolve));
  const url = new URL(databaseUrl);
  url.searchParams.set('host', directory);
  return {
    url: url.href,
    get cuts() {
      return cuts;
    },
    pause() {
      isPaused = true;
      for (const socket of open) socket.destroy();
    },
    resume() {
      isPaused = false;
    },
    redirect(url) {
      address = addressOf(url, socketFile);
    },
    async close() {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(directory, { recursive: true });
    },
  };
}

function addressOf(url: string, socketFile: string) {
  const { hostname, port, searchParams } = new URL(url);
  const host = searchParams.get('host') ?? hostname;
  if (host.startsWith('/')) return { path: join(host, socketFile) };
  return { host, port: Number(port === '' ? 5432 : port) };
}
