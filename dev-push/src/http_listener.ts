/** A local HTTP/1.1 server that passes each request to a script. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Exchange, Reply } from './script.js';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Passes a request to its script. */
export type Route = (received: Received, io: Pick<Exchange, 'respond' | 'cut'>) => Promise<void>;

/** More than any push provider accepts. */
const requestLimitBytes = 64 * 1024;

export class HttpListener {
  readonly origin: string;
  readonly #server: Server;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${port}`;
  }

  static async listen(port: number, route: Route): Promise<HttpListener> {
    const server = createServer((request, response) => {
      receive(request)
        .then((received) => route(received, exchangeOver(response)))
        // The client disconnected, or this service has a bug: the request gets no response.
        .catch(() => response.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject).listen(port, '127.0.0.1', resolve);
    });
    const address = server.address();
    return new HttpListener(server, typeof address === 'object' && address ? address.port : port);
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

export function json(status: number, body: unknown): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}

function exchangeOver(response: ServerResponse): Pick<Exchange, 'respond' | 'cut'> {
  return {
    respond: ({ status, headers = {}, body = '' }) => response.writeHead(status, headers).end(body),
    cut: () => response.destroy(),
  };
}

async function receive(request: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > requestLimitBytes) throw new Error('the request is too large');
    chunks.push(chunk);
  }
  const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
  return {
    method: request.method ?? '',
    path: request.url ?? '',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(chunks),
  };
}
