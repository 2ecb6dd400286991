/** Requests to a server that is being recorded, and what it acknowledged, each with its time: for power cuts at any moment. */
import type { RecordedServer } from './recorded_server.js';

/** What a response acknowledged: from then on, at least this much must be there. */
export interface Acknowledged {
  /** In milliseconds since 1970, when the response had arrived. */
  readonly at: number;
  /** Positions of conversations, cursors of the reader and the external count, by name. */
  readonly name: string;
  readonly value: number;
}

export const sender = 'ann';
export const listener = 'bob';
export const reader = 'cid';
export const counted = 'dee';
export const rooms: readonly string[] = ['room-0', 'room-1', 'room-2', 'room-3'];

export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

export class Traffic {
  readonly acknowledged: Acknowledged[];
  #counted: number;
  #requests = 0;

  /** It goes on after what was acknowledged earlier. */
  constructor(earlier: readonly Acknowledged[] = []) {
    this.acknowledged = [...earlier];
    this.#counted = Math.max(0, ...earlier.map(({ name, value }) => (name === 'external' ? value : 0)));
  }

  /** So many requests, by several clients at once. Ends early if the server does. */
  async send(server: RecordedServer, requests: number, clients: number): Promise<void> {
    let left = requests;
    const client = async () => {
      while (left > 0) {
        left -= 1;
        if (!(await this.#one(server))) return;
      }
    };
    await Promise.all(Array.from({ length: clients }, client));
  }

  async #one(server: RecordedServer): Promise<boolean> {
    this.#requests += 1;
    const number = this.#requests;
    const room = rooms[number % rooms.length] ?? '';
    if (number % 16 === 5) {
      this.#counted += 1;
      const value = this.#counted;
      const body = { external_unread_count: value };
      return this.#call(server, 'PUT', `/users/${counted}/badge`, body, () => [['external', value]]);
    }
    if (number % 16 === 9) {
      const position = this.#position(room);
      const path = `/users/${reader}/conversations/${room}/mark_all_read`;
      return this.#call(server, 'POST', path, { position }, () => [[`read ${room}`, position]]);
    }
    const message = { sender: { user_id: sender } };
    return this.#call(server, 'POST', `/conversations/${room}/messages`, message, (json) => [
      [room, Number(json.position)],
    ]);
  }

  /** The last acknowledged one. */
  #position(room: string): number {
    return this.acknowledged.reduce(
      (last, { name, value }) => (name === room ? Math.max(last, value) : last),
      0,
    );
  }

  async #call(
    server: RecordedServer,
    method: string,
    path: string,
    body: object,
    toName: (json: Record<string, unknown>) => readonly (readonly [string, number])[],
  ): Promise<boolean> {
    const response = await server.call(method, path, body).catch(() => undefined);
    const at = nowMs();
    if (response === undefined) return false;
    if (response.status >= 300)
      throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(response.json)}`);
    for (const [name, value] of toName(response.json)) this.acknowledged.push({ at, name, value });
    return true;
  }
}
