// The double's NotificationsApi: channels and their subscriptions, without the WebSocket, which the client leaves to
// its program.

import { apiError, type HttpAnswer, type HttpCall, jsonBody, queryOf, requireNoBody } from './http_call.js';

interface Channel {
  readonly id: string;
  readonly connectUri: string;
  readonly expires: string;
  topics: string[];
}

const CHANNELS = '/api/v2/notifications/channels';
const DAY_MS = 86_400_000;

export class NotificationEndpoints {
  readonly #topic: string;
  readonly #channels = new Map<string, Channel>();

  constructor(userId: string) {
    this.#topic = `v2.users.${userId}.badges.chats`;
  }

  /** Undefined: not an address of these endpoints. */
  answer(call: HttpCall): HttpAnswer | undefined {
    const path = call.url.pathname;
    if (path === '/api/v2/notifications/availabletopics' && call.method === 'GET') {
      queryOf(call, 'expand', 'includePreview');
      return { status: 200, body: { entities: [{ id: 'v2.users.{id}.badges.chats' }] } };
    }
    if (path === CHANNELS && call.method === 'POST') return this.#create(call);
    if (path === CHANNELS && call.method === 'GET') {
      queryOf(call, 'includechannels');
      return { status: 200, body: { entities: [...this.#channels.values()].map(withoutTopics) } };
    }
    const id = /^\/api\/v2\/notifications\/channels\/([^/]+)\/subscriptions$/.exec(path)?.[1];
    return id === undefined ? undefined : this.#subscriptions(call, id);
  }

  #create(call: HttpCall): HttpAnswer {
    requireNoBody(call);
    queryOf(call);
    const id = crypto.randomUUID();
    const expires = new Date(Date.now() + DAY_MS).toISOString();
    const channel = { id, connectUri: `wss://streaming.invalid/channels/${id}`, expires, topics: [] };
    this.#channels.set(id, channel);
    return { status: 200, body: withoutTopics(channel) };
  }

  #subscriptions(call: HttpCall, id: string): HttpAnswer {
    const channel = this.#channels.get(id);
    if (channel === undefined) throw apiError(404, 'not.found', `No channel ${id}`);
    switch (call.method) {
      case 'GET':
        requireNoBody(call);
        return listing(channel);
      case 'DELETE':
        requireNoBody(call);
        channel.topics = [];
        return { status: 204 };
      case 'POST':
      case 'PUT': {
        queryOf(call, 'ignoreErrors');
        const topics = this.#topicsOf(jsonBody(call));
        channel.topics = call.method === 'PUT' ? topics : [...new Set([...channel.topics, ...topics])];
        return listing(channel);
      }
      default:
        throw apiError(405, 'method.not.allowed', `No ${call.method} here`);
    }
  }

  #topicsOf(body: unknown): string[] {
    if (!Array.isArray(body)) throw apiError(400, 'bad.request', 'Not a list of topics');
    return body.map((topic: unknown) => {
      const id = typeof topic === 'object' && topic !== null && 'id' in topic ? topic.id : undefined;
      if (typeof id !== 'string') throw apiError(400, 'bad.request', 'A topic without an id');
      if (id !== this.#topic) throw apiError(403, 'not.authorized', `Not your topic: ${id}`);
      return id;
    });
  }
}

function listing(channel: Channel): HttpAnswer {
  return { status: 200, body: { entities: channel.topics.map((id) => ({ id })) } };
}

function withoutTopics({ id, connectUri, expires }: Channel): unknown {
  return { id, connectUri, expires };
}
