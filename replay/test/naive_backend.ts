/**
 * A real HTTP server that stores unread messages in the simplest way, as a set of readers for each message, and
 * has just the endpoints that a replay uses. A test can make it close connections, refuse requests or forget writes.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';

/** What goes wrong with a request, before or after it is applied. */
export type Fault = 'cut-before' | 'cut-after' | 'unavailable' | 'rate-limited' | undefined;

interface Message {
  readonly id: string;
  readonly position: number;
  readonly unreadBy: Set<string>;
  isDeleted: boolean;
}

interface Conversation {
  readonly id: string;
  readonly participants: Set<string>;
  readonly messages: Message[];
  isBusy: boolean;
}

interface MockResponse {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export class NaiveBackend {
  readonly token = 'a-token';
  readonly conversations = new Map<string, Conversation>();
  /** Requests that arrived while another one of the same conversation was in flight. */
  overlaps = 0;
  requests = 0;
  mostAtOnce = 0;
  fault: (request: number) => Fault = () => undefined;
  /** Writes that get a 204 response and are not applied. */
  swallows: (method: string, path: string) => boolean = () => false;
  readonly #server: Server;
  #atOnce = 0;

  private constructor() {
    this.#server = createServer((request, response) => void this.#serve(request, response));
  }

  static async start(): Promise<NaiveBackend> {
    const backend = new NaiveBackend();
    await new Promise<void>((resolve) => backend.#server.listen(0, '127.0.0.1', resolve));
    return backend;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The backend is not listening.');
    return `http://127.0.0.1:${address.port}`;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** The whole visible state, to compare two moments. */
  snapshot(): unknown {
    return [...this.conversations.values()]
      .map(({ id, participants, messages }) => ({
        id,
        participants: [...participants].sort(),
        messages: messages.map((one) => [one.id, one.position, one.isDeleted, [...one.unreadBy].sort()]),
      }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.requests += 1;
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    const fault = this.fault(this.requests);
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const method = request.method ?? '';
    const url = new URL(request.url ?? '/', 'http://local');
    const result =
      fault === 'cut-after' || fault === undefined
        ? await this.#exclusively(request, method, url, text)
        : undefined;
    this.#atOnce -= 1;
    if (fault === 'cut-before') request.socket.destroy();
    else if (fault === 'unavailable') send(response, { status: 503 });
    else if (fault === 'rate-limited') send(response, { status: 429, headers: { 'retry-after': '0' } });
    else if (fault === 'cut-after') {
      // Half a response: the client has seen a status, and still must not trust it.
      response.writeHead(201, { 'content-length': '1000' });
      response.write('{"posi', () => request.socket.destroy());
    } else if (result !== undefined) send(response, result);
  }

  async #exclusively(
    request: IncomingMessage,
    method: string,
    url: URL,
    text: string,
  ): Promise<MockResponse> {
    if (request.headers.authorization !== `Bearer ${this.token}`) return { status: 401 };
    const id = /conversations\/([0-9a-f-]{36})/.exec(url.pathname)?.[1];
    const conversation = id === undefined ? undefined : this.conversations.get(id);
    if (conversation?.isBusy === true) this.overlaps += 1;
    if (conversation !== undefined) conversation.isBusy = true;
    await new Promise((resolve) => setImmediate(resolve));
    if (conversation !== undefined) conversation.isBusy = false;
    if (method !== 'GET' && this.swallows(method, url.pathname)) {
      return { status: 204 };
    }
    return this.#apply(method, url, text === '' ? undefined : JSON.parse(text));
  }

  // biome-ignore lint/suspicious/noExplicitAny: a double trusts the bodies that the tests send.
  #apply(method: string, url: URL, body: any): MockResponse {
    const [, , app, ...path] = url.pathname.split('/');
    if (app !== 'app') return { status: 403 };
    const [kind, first = '', part, second = '', action] = path;
    if (kind === 'conversations' && path.length === 1) return this.#create(body);
    if (kind === 'conversations' && part === undefined) return this.#join(first, body[0].value);
    if (kind === 'conversations' && method === 'POST') return this.#post(first, body);
    if (kind === 'conversations' && method === 'DELETE') return this.#delete(second);
    if (part === 'badge') return this.#badge(first);
    if (action === 'mark_all_read') return this.#markAllRead(first, second, body.position);
    if (action === 'receipts') return this.#read(first, second);
    return this.#list(first, url.searchParams);
  }

  #create(body: { id: string; participants: string[] }): MockResponse {
    const id = bare(body.id);
    if (this.conversations.has(id)) {
      const data = { id: `layer:///conversations/${id}` };
      return { status: 409, body: { id: 'id_in_use', code: 111, data } };
    }
    const participants = new Set(body.participants);
    this.conversations.set(id, { id, participants, messages: [], isBusy: false });
    return { status: 201, body: { id: body.id } };
  }

  #join(id: string, user: string): MockResponse {
    const conversation = this.conversations.get(id);
    conversation?.participants.add(user);
    return { status: conversation === undefined ? 404 : 204 };
  }

  #post(conversationId: string, body: { id: string; sender: { user_id: string } }): MockResponse {
    const conversation = this.conversations.get(conversationId);
    const sender = body.sender.user_id;
    if (conversation === undefined) return { status: 404 };
    if (!conversation.participants.has(sender)) return { status: 422 };
    const id = bare(body.id);
    const known = conversation.messages.find((one) => one.id === id);
    if (known !== undefined) return { status: 201, body: { id: body.id, position: known.position } };
    const unreadBy = new Set(conversation.participants);
    unreadBy.delete(sender);
    const position = conversation.messages.length + 1;
    conversation.messages.push({ id, position, unreadBy, isDeleted: false });
    return { status: 201, body: { id: body.id, position } };
  }

  #delete(id: string): MockResponse {
    const message = this.#message(id);
    if (message === undefined) return { status: 404 };
    message.isDeleted = true;
    message.unreadBy.clear();
    return { status: 204 };
  }

  #markAllRead(user: string, id: string, position: number): MockResponse {
    const conversation = this.conversations.get(id);
    if (conversation === undefined || position > conversation.messages.length) return { status: 422 };
    for (const message of conversation.messages) {
      if (message.position <= position) message.unreadBy.delete(user);
    }
    return { status: 204 };
  }

  #read(user: string, id: string): MockResponse {
    const message = this.#message(id);
    message?.unreadBy.delete(user);
    return { status: message === undefined ? 404 : 204 };
  }

  #badge(user: string): MockResponse {
    const counts = [...this.conversations.values()].map((one) => unreadOf(one, user));
    const body = {
      external_unread_count: 0,
      unread_conversation_count: counts.filter((count) => count > 0).length,
      unread_message_count: counts.reduce((sum, count) => sum + count, 0),
    };
    return { status: 200, body };
  }

  #list(user: string, query: URLSearchParams): MockResponse {
    const own = [...this.conversations.values()].filter((one) => one.participants.has(user));
    const from = query.get('from_id');
    const start = from === null ? 0 : own.findIndex((one) => one.id === bare(from)) + 1;
    const page = own.slice(start, start + Number(query.get('page_size')));
    const body = page.map((one) => {
      const last = one.messages.findLast((message) => !message.isDeleted);
      return {
        id: `layer:///conversations/${one.id}`,
        unread_message_count: unreadOf(one, user),
        last_message: last === undefined ? null : { id: last.id, position: last.position },
      };
    });
    return { status: 200, body, headers: { 'layer-count': String(own.length) } };
  }

  #message(id: string): Message | undefined {
    for (const { messages } of this.conversations.values()) {
      const found = messages.find((one) => one.id === id && !one.isDeleted);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}

function unreadOf(conversation: Conversation, user: string): number {
  return conversation.messages.filter((one) => one.unreadBy.has(user)).length;
}

function bare(id: string): string {
  return id.slice(id.lastIndexOf('/') + 1);
}

function send(response: ServerResponse, { status, body, headers }: MockResponse): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body === undefined ? undefined : JSON.stringify(body));
}
