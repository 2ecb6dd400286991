// A server of event streams on a local socket, which does with each connection what the test says, in turn.

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';

export type Turn = (response: ServerResponse, headers: IncomingHttpHeaders) => void;

export interface EventServer {
  readonly url: string;
  /** The headers of each connection so far. */
  readonly connections: readonly IncomingHttpHeaders[];
  close(): Promise<void>;
}

/** The last turn is every later connection's too. */
export async function startEventServer(...turns: readonly Turn[]): Promise<EventServer> {
  const connections: IncomingHttpHeaders[] = [];
  const server = createServer(({ headers }, response) => {
    const turn = turns[Math.min(connections.length, turns.length - 1)];
    connections.push(headers);
    turn?.(response, headers);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/stream`,
    connections,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Sends this, and leaves the connection open. */
export function events(text: string): Turn {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text);
  };
}

/** Sends this, and ends. */
export function eventsThenEnd(text: string): Turn {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
    response.end(text);
  };
}

/** Sends this, and cuts the connection. */
export function eventsThenCut(text: string): Turn {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(text, () => response.destroy());
  };
}

export function refusal(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Turn {
  return (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(body));
  };
}
