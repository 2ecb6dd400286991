/** The process that serves: the HTTP API over a data directory, as a start of the program puts it together. */
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { buildHttp } from '@badged/server/http';
import { openService } from '@badged/server/service';
import { openEmbeddedStore } from '@badged/server/store/embedded';
import { pino } from 'pino';
import { answer, input, textIn } from '../measure/child.js';
import { memory } from './memory.js';

const store = await openEmbeddedStore({ directory: textIn(await input(), 'directory') });
const service = await openService(store, { now: Date.now, newId: randomUUID });
const http = buildHttp({
  service,
  adminTokenHash: createHash('sha256').update(randomBytes(32)).digest(),
  logger: pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true })),
});
const url = await http.listen({ host: '127.0.0.1', port: 0 });
process.on('message', async (message) => {
  if (message === 'memory') await answer(await memory());
  if (message !== 'stop') return;
  await http.close();
  await store.close();
  process.exit();
});
await answer({ url });
