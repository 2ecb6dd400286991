/** The process that serves. Both stores stand behind the same application, with the same logger. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { buildHttp } from '@badged/server/http';
import { openService } from '@badged/server/service';
import { createApp } from '@badged/server/service/apps';
import { openEmbeddedStore } from '@badged/server/store/embedded';
import { pino } from 'pino';
import { answer, input } from '../measure/child.js';
import { AnsweringStore } from './answering_store.js';

const wanted = await input();
const directory: unknown =
  typeof wanted === 'object' && wanted !== null ? Reflect.get(wanted, 'directory') : undefined;
const sqlite = typeof directory === 'string' ? await openEmbeddedStore({ directory }) : undefined;
const store = sqlite ?? new AnsweringStore();
const service = await openService(store, { now: Date.now, newId: randomUUID });
const http = buildHttp({
  service,
  adminTokenHash: createHash('sha256').update(randomBytes(32)).digest(),
  logger: pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true })),
});
const url = await http.listen({ host: '127.0.0.1', port: 0 });
process.on('message', async (message) => {
  if (message === 'figures') await answer(figures());
  if (message === 'stop') await stop();
});
const own = sqlite === undefined ? await createApp(service, { name: 'bench' }) : undefined;
await answer({ url, app: own?.app.id ?? '', token: own?.token ?? '' });

function figures() {
  const { commits = 0, commands = 0, rows = 0 } = sqlite?.figures ?? {};
  const { user, system } = process.cpuUsage();
  return { commits, commands, rows, cpuMs: (user + system) / 1000 };
}

async function stop(): Promise<void> {
  http.server.closeAllConnections();
  await http.close();
  await store.close();
  process.exit();
}
