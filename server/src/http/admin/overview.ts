/** The overview of the dashboard: the last hour of this process. */
import Type, { type Static } from 'typebox';
import { type History, intervalSeconds, maxSamples } from '../../history/history.js';
import type { Sample } from '../../history/sample.js';
import { type Platform, platforms } from '../../push_target.js';
import { type PauseKind, pauseKinds } from '../../push_verdict.js';
import type { PausedTransport } from '../../service/push_delivery.js';
import type { KnownServer } from '../../service/servers.js';
import type { App } from '../../store/port.js';
import { type Endpoint, endpoint, respond } from '../foundation/endpoint.js';
import { isoTime, Time } from '../foundation/ids.js';

/** The most paused transports that are listed, longest pause first. */
const namedPaused = 10;

const rate = (description: string) => Type.Number({ minimum: 0, description });

const OverviewSample = Type.Object(
  {
    at: Type.String({ format: 'date-time', description: 'The end of the interval.' }),
    requests_per_second: rate('Requests per second, without open streams.'),
    refused_per_second: rate('Responses per second with a status of 400 to 499.'),
    errors_per_second: rate('Responses per second with a status of 500 or above.'),
    latency_p50_ms: latency('The median response time.'),
    latency_p99_ms: latency('The 99th percentile of the response time.'),
    outbox_depth: Type.Integer({
      minimum: 0,
      description:
        'Alerts in flight at the end of the interval: not yet delivered or given up for all of their devices.',
    }),
    open_streams: Type.Integer({ minimum: 0, description: 'Live streams open at the end of the interval.' }),
    pushes_per_second: Type.Object(
      {
        delivered: rate('Accepted by the provider.'),
        logged: rate('Only logged, since the app has no credentials for the platform.'),
        retry: rate('To be retried: the provider did not respond, or asked for a retry.'),
        gone: rate('The provider no longer knows the push target.'),
        rejected: rate('The provider refused this push.'),
        misconfigured: rate("The provider refused the app's credentials."),
      },
      { $id: 'PushRates', description: 'Pushes per second by outcome.' },
    ),
  },
  { $id: 'OverviewSample' },
);

const PausedPushes = Type.Object(
  {
    app_id: Type.String({ description: 'The UUID of the app.' }),
    app_name: Type.String(),
    platform: Type.Unsafe<Platform>({ type: 'string', enum: [...platforms] }),
    kind: Type.Unsafe<PauseKind>({
      type: 'string',
      enum: [...pauseKinds],
      description: 'The provider does not respond, or refuses the credentials.',
    }),
    reason: Type.String({ description: 'The reason that the provider returned.' }),
    since: Time,
  },
  { $id: 'PausedPushes' },
);

const OverviewServer = Type.Object(
  {
    id: Type.String({ description: 'Another one after each start.' }),
    is_this: Type.Boolean({ description: 'Whether it is the one that responded.' }),
    version: Type.String(),
    started_at: Time,
    events_behind: Type.Integer({
      minimum: 0,
      description: 'Events of the apps in its memory that it had not applied yet.',
    }),
    paused_push_transports: Type.Integer({
      minimum: 0,
      description: 'Apps and platforms whose push delivery is paused on it.',
    }),
  },
  { $id: 'OverviewServer' },
);

const Overview = Type.Object(
  {
    servers: Type.Array(OverviewServer, {
      description: 'The servers that are alive, as they reported in the last seconds.',
    }),
    started_at: Type.String({ format: 'date-time', description: 'When this process started.' }),
    apps: Type.Integer({ minimum: 0, description: 'The number of apps.' }),
    resting_push_transports: Type.Integer({
      minimum: 0,
      description: 'Apps and platforms whose push delivery is paused.',
    }),
    resting: Type.Array(PausedPushes, {
      description: `The ones paused for longest, at most ${namedPaused}.`,
    }),
    interval_seconds: Type.Integer({ description: 'The interval between two samples, in seconds.' }),
    samples: Type.Array(OverviewSample, {
      description:
        `Oldest first, the last ${maxSamples}. They cover this process only and are lost at a restart. ` +
        'Use /metrics to store values, to set alerts, or to add up several processes.',
    }),
  },
  { $id: 'Overview' },
);

const overviewExample = {
  servers: [
    {
      id: '0f8b2f0e-5a43-4d5c-9b3c-2f4f5d1c7a10',
      is_this: true,
      version: '1.0.0',
      started_at: '2030-01-01T11:00:00.000Z',
      events_behind: 0,
      paused_push_transports: 0,
    },
  ],
  started_at: '2030-01-01T11:00:00.000Z',
  apps: 2,
  resting_push_transports: 0,
  resting: [],
  interval_seconds: intervalSeconds,
  samples: [
    {
      at: '2030-01-01T12:00:00.000Z',
      requests_per_second: 41.2,
      refused_per_second: 0.1,
      errors_per_second: 0,
      latency_p50_ms: 0.8,
      latency_p99_ms: 4.1,
      outbox_depth: 0,
      open_streams: 12,
      pushes_per_second: { delivered: 7.5, logged: 0, retry: 0, gone: 0.1, rejected: 0, misconfigured: 0 },
    },
  ],
};

export function overviewEndpoint(
  history: History,
  listServers: () => Promise<readonly KnownServer[]>,
): Endpoint {
  return endpoint({
    name: 'get_overview',
    example: { response: overviewExample },
    summary: 'Read the rates, latencies and push delivery of the last hour of this process.',
    tag: 'admin',
    method: 'GET',
    url: '/admin/overview',
    access: 'admin',
    params: {},
    responses: { 200: Overview },
    run: async ({ service }) => {
      const [servers, apps] = await Promise.all([listServers(), service.store.apps.list()]);
      const paused = pausedAnywhere(service.push.paused, servers);
      return respond(200, {
        servers: servers.map(serverResponse),
        started_at: isoTime(history.startedAt),
        apps: apps.length,
        resting_push_transports: paused.length,
        resting: pausedResponses(paused, apps),
        interval_seconds: intervalSeconds,
        samples: history.samples.map(sampleResponse),
      });
    },
  });
}

/** Those of this server, and of each other app and platform the longest. */
function pausedAnywhere(
  here: readonly PausedTransport[],
  servers: readonly KnownServer[],
): readonly PausedTransport[] {
  const keyOf = ({ app, platform }: PausedTransport) => `${app} ${platform}`;
  const known = new Set(here.map(keyOf));
  const elsewhere = servers.flatMap(({ isThis, report }) => (isThis ? [] : report.paused));
  const longest = new Map<string, PausedTransport>();
  for (const paused of elsewhere) {
    const before = longest.get(keyOf(paused));
    if (known.has(keyOf(paused)) || (before !== undefined && before.since <= paused.since)) continue;
    longest.set(keyOf(paused), paused);
  }
  return [...here, ...longest.values()];
}

function serverResponse({ id, isThis, report }: KnownServer): Static<typeof OverviewServer> {
  return {
    id,
    is_this: isThis,
    version: report.version,
    started_at: isoTime(report.startedAt),
    events_behind: report.eventsBehind,
    paused_push_transports: report.paused.length,
  };
}

function pausedResponses(
  paused: readonly PausedTransport[],
  apps: readonly App[],
): Static<typeof PausedPushes>[] {
  const longest = [...paused].sort((a, b) => a.since - b.since).slice(0, namedPaused);
  // The paused transports of a deleted app are dropped by the next sweep.
  return longest.flatMap(({ app, platform, kind, reason, since }) => {
    const name = apps.find(({ id }) => id === app)?.name;
    return name === undefined
      ? []
      : [{ app_id: app, app_name: name, platform, kind, reason, since: isoTime(since) }];
  });
}

function sampleResponse(sample: Sample): Static<typeof OverviewSample> {
  return {
    at: isoTime(sample.at),
    requests_per_second: sample.requestsPerSecond,
    refused_per_second: sample.refusedPerSecond,
    errors_per_second: sample.errorsPerSecond,
    latency_p50_ms: sample.latencyP50Ms,
    latency_p99_ms: sample.latencyP99Ms,
    outbox_depth: sample.outboxDepth,
    open_streams: sample.openStreams,
    pushes_per_second: { ...sample.pushesPerSecond },
  };
}

function latency(description: string): ReturnType<typeof Type.Unsafe<number | null>> {
  return Type.Unsafe<number | null>({
    type: ['number', 'null'],
    minimum: 0,
    description: `${description} In milliseconds, interpolated within its bucket of /metrics; 5000 means 5000 or more; null if there was no response.`,
  });
}
