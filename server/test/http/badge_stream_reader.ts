/** A client of the live stream that records what it receives, once read() is called. */
import { type ClientRequest, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { expect, vi } from 'vitest';

export interface Event {
  readonly id: string;
  readonly event: string;
  readonly data: BadgeData;
}

/** As much of a badge as the tests read. */
export interface BadgeData {
  readonly badge: number | null;
  readonly external_unread_count: number;
  readonly conversations?: readonly {
    readonly id: string;
    readonly unread_message_count: number;
    readonly badge_count: number;
  }[];
  readonly more_conversations?: boolean;
}

/** What a client that reads everything has received. */
export class Reader {
  readonly answer: IncomingMessage;
  text = '';
  isEnded = false;
  readonly #request: ClientRequest;

  constructor(clientRequest: ClientRequest, answer: IncomingMessage) {
    this.#request = clientRequest;
    this.answer = answer;
    answer.setEncoding('utf8');
    answer.on('error', () => {});
    answer.on('end', () => {
      this.isEnded = true;
    });
  }

  read(): this {
    this.answer.on('data', (chunk: string) => {
      this.text += chunk;
    });
    return this;
  }

  get events(): Event[] {
    const blocks = this.text.split('\n\n').filter((block) => block.includes('data: '));
    return blocks.map((block) => {
      const fields = new Map(block.split('\n').map((line) => [line.slice(0, line.indexOf(':')), line]));
      const field = (name: string) => (fields.get(name) ?? '').slice(name.length + 2);
      return { id: field('id'), event: field('event'), data: JSON.parse(field('data')) };
    });
  }

  get badges(): (number | null)[] {
    return this.events.map(({ data }) => data.badge);
  }

  static request(port: number, path: string, headers: Readonly<Record<string, string>>): Promise<Reader> {
    return new Promise((resolve, reject) => {
      const sent = request({ port, path, headers, agent: false });
      sent.on('response', (answer) => resolve(new Reader(sent, answer)));
      sent.on('error', reject);
      sent.end();
    });
  }

  leave(): void {
    this.#request.destroy();
  }

  /** As a peer does that knows nothing of the connection any more (RFC 9293, section 3.10.7). */
  reset(): void {
    this.answer.socket.resetAndDestroy();
  }
}

/** More than any socket takes while no client reads, as a comment of the stream. */
export async function fill(response: ServerResponse | undefined): Promise<ServerResponse> {
  if (response === undefined) throw new Error('no request came');
  const line = `:${' '.repeat(1_000_000)}\n\n`;
  for (let megabytes = 0; megabytes < 16; megabytes++) response.write(line);
  expect(response.writableNeedDrain).toBe(true);
  return response;
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
/** For states that last. The timeout bounds what hangs, not what is slow. */
export const eventually = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 5 });
