/**
 * The live stream of one user's badge, for requests that accept text/event-stream: a second route at the
 * URL of the badge, chosen by the Accept header. docs/live.md says what a client can rely on.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import Type, { type Static } from 'typebox';
import type { Snapshot } from '../../live/snapshot.js';
import type { Sink, StreamSource } from '../../live/snapshot_stream.js';
import type { SnapshotStreams } from '../../live/snapshot_streams.js';
import { readSnapshot } from '../../service/badge_snapshot.js';
import { userId } from '../../service/ids.js';
import type { AccessDependency } from '../../service/oauth/access_changes.js';
import type { Service } from '../../service/service.js';
import { ApiError } from '../foundation/errors.js';
import { prefersEvents } from '../foundation/media_types.js';
import { isStillAuthorized, type Principal } from '../foundation/principal.js';
import { badgeQuery, badgeUrl, contentTag } from './badges.js';
import { snapshotResponse } from './schemas/badge.js';
import { unknownUserOf } from './unknown_user.js';

const eventStreamHeaders = {
  'content-type': 'text/event-stream',
  'cache-control': 'no-store',
  connection: 'keep-alive',
  // Reverse proxies that support this header forward each event at once.
  'x-accel-buffering': 'no',
};

/** By then, a client that read nothing since has been disconnected. */
const retryAfter = { 'retry-after': '30' };

const Query = Type.Object(badgeQuery);

interface Route {
  readonly Params: { readonly user_id: string };
  readonly Querystring: Static<typeof Query>;
}

export function addBadgeStream(app: FastifyInstance, service: Service, streams: SnapshotStreams): void {
  chooseByAccept(app);
  app.get<Route>(
    badgeUrl,
    {
      config: { access: 'user', isStream: true },
      // OpenAPI has one GET for each path: the entry of the plain badge says that it can be a stream.
      schema: { hide: true, querystring: Query },
      constraints: { wants: 'events' },
      exposeHeadRoute: false,
    },
    async (request, reply) => {
      const source = badgeOf(service, request);
      // Whatever the plain GET refuses is refused before the stream begins, for example an unknown user.
      await source.snapshot();
      refuseTooMany(streams, source);
      refuseBehindAnother(reply);
      begin(streams, source, reply);
    },
  );
}

/** A constraint for Fastify's router, like the one for Accept-Version, but for a media type. */
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
  { principal, params, query, headers }: FastifyRequest<Route>,
): StreamSource {
  if (principal === null || principal.kind === 'admin') throw new Error('the access rule let nobody else in');
  const { app } = principal;
  const user = userId(params.user_id, 'user_id');
  const unknownUser = unknownUserOf({ user: principal.kind === 'user' ? principal.user : '' });
  const { conversations = false } = query;
  const lastEventId = headers['last-event-id'];
  return {
    app,
    user,
    dependencies: dependenciesOf(principal),
    event: 'badge',
    key: JSON.stringify([app, user, conversations, unknownUser]),
    lastEventId: typeof lastEventId === 'string' ? lastEventId : undefined,
    async snapshot(): Promise<Snapshot> {
      const body = snapshotResponse(await readSnapshot(service, app, user, { conversations, unknownUser }));
      return { id: contentTag(body), data: JSON.stringify(body) };
    },
    isAuthorized: () => isStillAuthorized(service, principal),
  };
}

function dependenciesOf(principal: Exclude<Principal, { kind: 'admin' }>): readonly AccessDependency[] {
  if (principal.kind === 'app') return [{ kind: 'token', id: principal.token }];
  return principal.kind === 'session' ? [{ kind: 'session', id: principal.session.id }] : [];
}

/** The caller must open the stream at once, so that no other stream takes its place. */
function refuseTooMany(streams: SnapshotStreams, { app, user }: StreamSource): void {
  switch (streams.obstacle(app, user)) {
    case 'too_many_of_user':
      throw new ApiError(
        'rate_limit_exceeded',
        'This user has the maximum number of open streams. Close one, or share one among several tabs.',
        { headers: retryAfter },
      );
    case 'too_many_in_all':
      throw new ApiError(
        'service_unavailable',
        'This process has the maximum number of open streams. Try again later, or read the badge without a stream.',
        { headers: retryAfter },
      );
  }
}

/** A response that never gets a connection never emits `close`. */
function refuseBehindAnother({ raw }: FastifyReply): void {
  if (raw.socket !== null) return;
  throw new ApiError(
    'invalid_request',
    'A stream needs its own connection. It cannot be requested behind another request (pipelining).',
  );
}

function begin(streams: SnapshotStreams, source: StreamSource, reply: FastifyReply): void {
  reply.hijack();
  const { raw } = reply;
  // If the client disconnected meanwhile, no further event says so.
  if (raw.destroyed) return;
  const headers = Object.entries({ ...reply.getHeaders(), ...eventStreamHeaders });
  // Headers that are written at once, and not set one by one, use no memory while the stream is open.
  raw.writeHead(200, Object.fromEntries(headers.filter(([, value]) => value !== undefined)));
  const sink: Sink = {
    get isFull() {
      return raw.writableNeedDrain;
    },
    write: (text) => void raw.write(text),
    end: () => void raw.end(),
    destroy: () => void raw.destroy(),
  };
  const { drained, closed } = streams.open(source, sink);
  raw.on('drain', drained);
  raw.on('close', closed);
  raw.on('error', () => raw.destroy());
}
