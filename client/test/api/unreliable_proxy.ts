// A proxy on a local socket that forwards each request to a real service, unless the test has something else in store
// for it: an answer that gets lost on the way back, an answer of its own, or none at all.

import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';

/**
 * cut: the service answers, and the connection is cut before the answer is passed on. hold: nobody answers. Otherwise
 * the proxy's own answer, without asking the service.
 */
export type Fate = 'cut' | 'hold' | OwnAnswer;

export interface OwnAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly at: number;
}

export interface UnreliableProxy {
  readonly url: string;
  /** The requests since the last call of next(). */
  readonly seen: readonly Seen[];
  /** What becomes of the requests from here on, in turn; after that, each is forwarded. */
  next(...fates: readonly Fate[]): void;
  /** Cuts every connection that is open now. */
  cutAll(): void;
  close(): Promise<void>;
}

export async function startProxy(target: string): Promise<UnreliableProxy> {
  let fates: Fate[] = [];
  let seen: Seen[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const { method = '', url: path = '', headers } = incoming;
    let body = '';
    for await (const chunk of incoming.setEncoding('utf8')) body += chunk;
    const fate = fates.shift();
    const one = { method, path, headers, body, at: performance.now() };
    seen.push(one);
    if (fate === 'hold') return;
    if (fate !== undefined && fate !== 'cut') return answer(fate, outgoing);
    const forwarded = await forward(target, one);
    if (fate === 'cut') {
      forwarded.resume();
      await once(forwarded, 'end');
      outgoing.destroy();
      return;
    }
    outgoing.writeHead(forwarded.statusCode ?? 502, forwarded.headers);
    outgoing.flushHeaders();
    forwarded.on('error', () => outgoing.destroy());
    outgoing.on('close', () => forwarded.destroy());
    forwarded.pipe(outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    get seen() {
      return seen;
    },
    next(...planned) {
      fates = [...planned];
      seen = [];
    },
    cutAll: () => server.closeAllConnections(),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer({ status, headers = {}, body = '' }: OwnAnswer, outgoing: ServerResponse): void {
  outgoing.writeHead(status, headers);
  outgoing.end(body);
}

async function forward(target: string, { method, path, headers, body }: Seen): Promise<IncomingMessage> {
  const { host, ...others } = headers;
  const sent = request(`${target}${path}`, { method, headers: others });
  sent.end(body);
  const [forwarded] = await once(sent, 'response');
  return forwarded;
}
