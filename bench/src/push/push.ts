/**
 * Pushes to a local APNs, through the transport and as bare HTTP/2 requests with the same headers and bodies.
 * The service runs in a process of its own; both sides keep the same number of requests in flight, the
 * transport on its pool, the bare requests on one session.
 */
import { type ClientHttp2Session, connect } from 'node:http2';
import { ApnsTransport } from '@badged/server/push/transport/apns';
import type { Benchmark, Options } from '../benchmark.js';
import { each, inPairs, ratio } from '../measure/pairs.js';
import { against, spreadText, table } from '../measure/text.js';
import { ApnsProcess } from './apns_process.js';

const pushes = 20_000;
const underWay = 100;
const target = 0.6;

interface Sample {
  readonly rate: number;
  readonly cpuUs: number;
}

export const push: Benchmark = {
  name: 'push',
  summary: 'pushes to a local APNs against bare HTTP/2 requests',
  options: '--rounds (7) --clients: requests in flight (100)',
  run,
};

async function run({ rounds = 7, clients = underWay }: Options): Promise<void> {
  const service = await ApnsProcess.start();
  const origins = { production: service.origin, development: service.origin };
  const transport = new ApnsTransport({ key: service.key, origins, limits: { sessions: 1 } });
  const session = connect(service.origin);
  const authorization = await service.authorization();
  const viaTransport = () => measure(clients, (n) => pushOne(transport, n));
  const bare = () => measure(clients, (n) => requestOne(session, authorization, n));
  await viaTransport();
  await bare();
  const pairs = await inPairs<Sample>({ what: `${pushes} pushes`, rounds }, viaTransport, bare);
  session.close();
  await transport.close();
  await service.stop();

  const rate = each(pairs, (sample) => sample.rate);
  const cpu = each(pairs, (sample) => sample.cpuUs);
  const rates = ratio(pairs, (sample) => sample.rate);
  console.log(
    table([
      ['', 'transport', 'bare requests', 'ratio'],
      ['pushes a second', spreadText(rate.a), spreadText(rate.b), spreadText(rates)],
      [
        'CPU time for each, µs',
        spreadText(cpu.a),
        spreadText(cpu.b),
        spreadText(ratio(pairs, (sample) => sample.cpuUs)),
      ],
    ]),
  );
  console.log(`\n${against(`≥ ${target}`, rates.median >= target)}`);
}

/** A number of lanes, each doing the next one when its last is done. */
async function measure(lanes: number, one: (n: number) => Promise<void>): Promise<Sample> {
  const cpu = process.cpuUsage();
  const begun = performance.now();
  let next = 0;
  const lane = async () => {
    while (next < pushes) {
      next += 1;
      await one(next);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  const seconds = (performance.now() - begun) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  return { rate: pushes / seconds, cpuUs: (user + system) / pushes };
}

async function pushOne(transport: ApnsTransport, n: number): Promise<void> {
  const target = { platform: 'apns', token: tokenOf(n), bundleId, environment: 'production' } as const;
  const prepared = transport.request({ target, badge: n, collapseId: 'badge' }, Date.now());
  if ('refused' in prepared) throw new Error(prepared.refused.kind);
  const { verdict } = await transport.send(prepared.request);
  if (verdict.kind !== 'delivered') throw new Error(`not delivered: ${JSON.stringify(verdict)}`);
}

function requestOne(session: ClientHttp2Session, authorization: string, n: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = session.request({
      ':method': 'POST',
      ':path': `/3/device/${tokenOf(n)}`,
      authorization,
      'apns-topic': bundleId,
      'apns-push-type': 'alert',
      'apns-priority': '10',
      'apns-collapse-id': 'badge',
      'apns-expiration': String(Math.floor(Date.now() / 1_000) + 3_600),
    });
    let status = 0;
    request.on('response', (headers) => {
      status = Number(headers[':status']);
    });
    request.on('error', reject);
    request.on('end', () => (status === 200 ? resolve() : reject(new Error(`responded with ${status}`))));
    request.resume();
    request.end(`{"aps":{"badge":${n}}}`);
  });
}

const bundleId = 'com.example.chat';

function tokenOf(n: number): string {
  return (n % 1_000).toString(16).padStart(64, '0');
}
