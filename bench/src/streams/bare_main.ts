/**
 * What the streams are compared with: node:http and nothing else. It keeps the responses, and writes what it is
 * sent to one of them or to all.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { answer, input } from '../measure/child.js';
import { memory } from './memory.js';

const open = new Map<string, ServerResponse>();
const firstEvent = `retry: 3000\n\nevent: badge\nid: ${'0'.repeat(22)}\ndata: {}\n\n`;

await input();
const server = createServer((request, response) => void serve(request, response));
server.listen(0, '127.0.0.1', async () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  await answer({ url: `http://127.0.0.1:${address.port}` });
});
process.on('message', async (message) => {
  if (message === 'memory') await answer(await memory());
  if (message === 'stop') process.exit();
});

/** GET /NAME opens a stream; POST /NAME tells it, POST /all tells everybody. */
async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method, url = '' } = request;
  if (method === 'GET') {
    open.set(url, response);
    response.on('close', () => open.delete(url));
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(firstEvent);
    return;
  }
  const event = await text(request);
  if (url === '/all') for (const each of open.values()) each.write(event);
  else open.get(url)?.write(event);
  response.writeHead(201).end();
}
