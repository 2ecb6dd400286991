/**
 * The live stream of one user's badge, for those who ask for it as text/event-stream: a second route at the
 * address of the badge, chosen by the Accept header. docs/live.md says what a client can rely on.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Sink, Snapshot, Streamed } from '../../live/snapshot_stream.js';
import type { SnapshotStreams } from '../../live/snapshot_streams.js';
import { readBadge } from '../../service/badges.js';
import { userId } from '../../service/ids.js';
import type { Service } from '../../service/service.js';
import type { Principal } from '../auth.js';
import { badgeUrl, fingerprint } from './badges.js';
import { prefersEvents } from './media_types.js';
import { badgeAnswer } from './schemas/badge.js';

const eventStreamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  connection: 'keep-alive',
  // Reverse proxies that know this header pass each event on as it comes.
  'x-accel-buffering': 'no',
};

interface Parameters {
  readonly user_id: string;
}

export function addBadgeStream(app: FastifyInstance, service: Service, streams: SnapshotStreams): void {
  chooseByAccept(app);
  app.get<{ Params: Parameters }>(
    badgeUrl,
    {
      config: { access: 'user' },
      // The OpenAPI document knows one GET for each address: the badge's own says that it can be a stream.
      schema: { hide: true },
      constraints: { wants: 'events' },
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      const streamed = badgeOf(service, request);
      // A user whom nobody has named is refused as by the plain GET, before the stream begins.
      await streamed.snapshot();
      begin(streams, streamed, reply);
    },
  );
}

/** What Fastify has for versions in Accept, but for a media type. */
function chooseByAccept(app: FastifyInstance): void {
  app.addConstraintStrategy({
    name: 'wants',
    storage: () => {
      const routes = new Map();
      return {
        get: (wanted) => routes.get(wanted) ?? null,
        set: (wanted, route) => routes.set(wanted, route),
      };
    },
    deriveConstraint: ({ headers }) => (prefersEvents(headers.accept) ? 'events' : undefined),
    validate: () => {},
  });
}

function badgeOf(
  service: Service,
  { principal, params, headers }: FastifyRequest<{ Params: Parameters }>,
): Streamed {
  if (principal === null || principal.kind === 'admin') throw new Error('the access rule let nobody else in');
  const { app } = principal;
  const user = userId(params.user_id, 'user_id');
  const lastEventId = headers['last-event-id'];
  return {
    app,
    user,
    event: 'badge',
    lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
    async snapshot(): Promise<Snapshot> {
      const body = badgeAnswer(await readBadge(service, app, user));
      return { id: fingerprint(body), data: JSON.stringify(body) };
    },
    isAllowed: () => isStillGood(service, principal),
  };
}

/** What opened the stream may be revoked, expire, or go with its app. */
async function isStillGood(
  { store, now }: Service,
  principal: Exclude<Principal, { kind: 'admin' }>,
): Promise<boolean> {
  if ((await store.apps.get(principal.app)) === undefined) return false;
  return principal.kind === 'app'
    ? (await store.apps.token(principal.token)) !== undefined
    : now() < principal.expiresAt;
}

function begin(streams: SnapshotStreams, streamed: Streamed, reply: FastifyReply): void {
  reply.hijack();
  const { raw } = reply;
  // Whoever left meanwhile will not tell again that they did.
  if (raw.destroyed) return;
  const headers = { ...reply.getHeaders(), ...eventStreamHeaders };
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) raw.setHeader(name, value);
  raw.writeHead(200);
  const sink: Sink = {
    get isFull() {
      return raw.writableNeedDrain;
    },
    write: (text) => void raw.write(text),
    end: () => void raw.end(),
    destroy: () => void raw.destroy(),
  };
  const { drained, closed } = streams.open(streamed, sink);
  raw.on('drain', drained);
  raw.on('close', closed);
  raw.on('error', () => raw.destroy());
}
