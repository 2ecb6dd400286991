/** How the service does: the last hour of this process, for people to look at. */
import Type, { type Static } from 'typebox';
import { type History, intervalSeconds, keptSamples } from '../../history/history.js';
import type { Sample } from '../../history/sample.js';
import type { RestingTransport } from '../../service/push_delivery.js';
import type { App } from '../../store/port.js';
import { answer, type Endpoint, endpoint } from '../foundation/endpoint.js';
import { isoTime, Time } from '../foundation/ids.js';

/** Of the transports that rest, those that are named: whoever has more looks at the first ones first. */
const namedResting = 10;

const rate = (description: string) => Type.Number({ minimum: 0, description });

const OverviewSample = Type.Object(
  {
    at: Type.String({ format: 'date-time', description: 'The end of the interval.' }),
    requests_per_second: rate('Answered requests per second. Open streams are not among them.'),
    refused_per_second: rate('Answers with a status of 400 to 499 per second.'),
    errors_per_second: rate('Answers with a status of 500 and above per second.'),
    latency_p50_ms: latency('Half of the answers took no longer than about this.'),
    latency_p99_ms: latency('99 in 100 answers took no longer than about this.'),
    outbox_depth: Type.Integer({
      minimum: 0,
      description:
        'Alerts at the end of the interval that are not yet settled for all the devices they go to.',
    }),
    open_streams: Type.Integer({ minimum: 0, description: 'Live streams open at the end of the interval.' }),
    pushes_per_second: Type.Object(
      {
        delivered: rate('The provider took it.'),
        logged: rate('Only logged: the app has no credentials for the platform.'),
        retry: rate('To be tried again: no answer, or the provider asked for it.'),
        gone: rate('The device is not known any more.'),
        rejected: rate('This push was refused.'),
        misconfigured: rate('Our credentials were refused.'),
      },
      { $id: 'PushRates', description: 'Pushes per second by what the provider made of them.' },
    ),
  },
  { $id: 'OverviewSample' },
);

const RestingPushes = Type.Object(
  {
    app_id: Type.String({ description: 'The UUID of the app.' }),
    app_name: Type.String(),
    platform: Type.Unsafe<'apns' | 'fcm' | 'webpush'>({ type: 'string', enum: ['apns', 'fcm', 'webpush'] }),
    kind: Type.Unsafe<'unreachable' | 'misconfigured'>({
      type: 'string',
      enum: ['unreachable', 'misconfigured'],
      description: 'The provider does not answer, or refuses the credentials.',
    }),
    reason: Type.String({ description: 'What the provider said.' }),
    since: Time,
  },
  { $id: 'PausedPushes' },
);

const Overview = Type.Object(
  {
    started_at: Type.String({ format: 'date-time', description: 'When this process started.' }),
    apps: Type.Integer({ minimum: 0, description: 'How many apps there are.' }),
    resting_push_transports: Type.Integer({
      minimum: 0,
      description: 'Of how many apps and platforms the pushes wait now.',
    }),
    resting: Type.Array(RestingPushes, {
      description: `Those of them that have waited longest, ${namedResting} at most.`,
    }),
    interval_seconds: Type.Integer({ description: 'How far the samples are apart.' }),
    samples: Type.Array(OverviewSample, {
      description:
        `Oldest first, the last ${keptSamples}. Of this process alone and kept in memory only: a restart begins anew. ` +
        'What is to be kept, alerted on or added up over several processes is at /metrics.',
    }),
  },
  { $id: 'Overview' },
);

export function overviewEndpoint(history: History): Endpoint {
  return endpoint({
    name: 'get_overview',
    summary:
      'Read how the service does: rates, latencies and push delivery over the last hour of this process.',
    tag: 'admin',
    method: 'GET',
    url: '/admin/overview',
    access: 'admin',
    params: {},
    answers: { 200: Overview },
    run: async ({ service }) => {
      const { resting } = service.push;
      const apps = await service.store.apps.list();
      return answer(200, {
        started_at: isoTime(history.startedAt),
        apps: apps.length,
        resting_push_transports: resting.length,
        resting: restingAnswers(resting, apps),
        interval_seconds: intervalSeconds,
        samples: history.samples.map(sampleAnswer),
      });
    },
  });
}

function restingAnswers(
  resting: readonly RestingTransport[],
  apps: readonly App[],
): Static<typeof RestingPushes>[] {
  const longest = [...resting].sort((a, b) => a.since - b.since).slice(0, namedResting);
  // What rests of a deleted app is about to be forgotten.
  return longest.flatMap(({ app, platform, kind, reason, since }) => {
    const name = apps.find(({ id }) => id === app)?.name;
    return name === undefined
      ? []
      : [{ app_id: app, app_name: name, platform, kind, reason, since: isoTime(since) }];
  });
}

function sampleAnswer(sample: Sample): Static<typeof OverviewSample> {
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
    description: `${description} In milliseconds, interpolated within the bucket of /metrics that it lies in (5000: that or longer); null where nothing was answered.`,
  });
}
