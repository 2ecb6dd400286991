/** A transport of each kind beside its local provider, for the tests. */
import { randomBytes } from 'node:crypto';
import { ApnsService, type BucketLimit, FcmService, generateApnsKey, WebPushService } from '@badged/dev-push';
import { ApnsTransport } from '../../../src/push/transport/apns/apns_transport.js';
import type { ApnsRequest } from '../../../src/push/transport/apns/payload.js';
import type { PoolLimits } from '../../../src/push/transport/apns/session_pool.js';
import { FcmTransport } from '../../../src/push/transport/fcm/fcm_transport.js';
import type { FcmRequest } from '../../../src/push/transport/fcm/message.js';
import type { ApnsTarget, FcmTarget, WebPushTarget } from '../../../src/push/transport/port.js';
import type { WebPushRequest } from '../../../src/push/transport/webpush/message.js';
import { generateVapidKeys } from '../../../src/push/transport/webpush/vapid.js';
import { WebPushTransport } from '../../../src/push/transport/webpush/web_push_transport.js';
import type { Rig } from './transport_conformance.js';

/** No test waits for these but the one about a response that does not come, which sets its own. */
const limits = { connectTimeoutMs: 20_000, requestTimeoutMs: 20_000 };
const close = async (...open: { close(): Promise<void> }[]) => {
  await Promise.all(open.map((each) => each.close()));
};

/** What the rigs of all platforms can be given. */
export interface RigSettings {
  readonly limits?: { readonly requestTimeoutMs?: number };
  /** The time of day, also of the provider. */
  readonly now?: () => number;
  /** The clock that only goes forward. By default it goes with `now`. */
  readonly clock?: () => number;
}

/** The times of the transport. */
function times({ now, clock = now }: RigSettings): Pick<RigSettings, 'now' | 'clock'> {
  return { ...(now !== undefined && { now }), ...(clock !== undefined && { clock }) };
}

export interface ApnsRigSettings extends RigSettings {
  readonly limits?: Partial<PoolLimits>;
  readonly maxConcurrentStreams?: number;
  readonly topics?: readonly string[];
  readonly deviceLimit?: BucketLimit;
}

export interface FcmRigSettings extends RigSettings {
  readonly deviceLimit?: BucketLimit;
  readonly collapsibleLimit?: BucketLimit;
}

export interface ApnsRig extends Rig<ApnsTarget, ApnsRequest> {
  readonly production: ApnsService;
  readonly development: ApnsService;
}

export async function apnsRig({
  limits: own,
  now,
  clock,
  ...service
}: ApnsRigSettings = {}): Promise<ApnsRig> {
  const time = times({ ...(now && { now }), ...(clock && { clock }) });
  const { key, trust } = generateApnsKey();
  const production = await ApnsService.listen({ trust, ...service, ...time });
  const development = await ApnsService.listen({ trust, ...service, ...time });
  const origins = { production: production.origin, development: development.origin };
  const transport = new ApnsTransport({ key, origins, limits: { ...limits, ...own }, ...time });
  const token = () => randomBytes(32).toString('hex');
  const bundleId = 'com.example.chat';
  const answer = (status: number, reason: string) => ({ status, body: JSON.stringify({ reason }) });
  return {
    transport,
    production,
    development,
    newDevice: () => ({ platform: 'apns', token: token(), bundleId, environment: 'production' }),
    badge: ({ token }) => production.accepted.badge(token) ?? development.accepted.badge(token),
    accepted: ({ token }) => production.accepted.of(token).map(({ payload }) => payload),
    provider: {
      script: production.script,
      answers: {
        retry: answer(503, 'ServiceUnavailable'),
        gone: answer(410, 'Unregistered'),
        rejected: answer(400, 'BadCollapseId'),
        misconfigured: answer(403, 'InvalidProviderToken'),
      },
      stop: () => production.close(),
    },
    close: () => close(transport, production, development),
  };
}

export interface FcmRig extends Rig<FcmTarget, FcmRequest> {
  readonly service: FcmService;
}

export async function fcmRig({ limits: own, ...settings }: FcmRigSettings = {}): Promise<FcmRig> {
  const service = await FcmService.listen(settings);
  const { serviceAccount, origin, tokenUrl } = service;
  const transport = new FcmTransport({
    serviceAccount,
    origin,
    tokenUrl,
    limits: { ...limits, ...own },
    ...times(settings),
  });
  const answer = (status: number, errorCode: string) => ({
    status,
    body: JSON.stringify({ error: { code: status, details: [{ errorCode }] } }),
  });
  return {
    transport,
    service,
    newDevice: () => ({ platform: 'fcm', token: randomBytes(40).toString('base64url') }),
    badge: ({ token }) => service.accepted.badge(token),
    accepted: ({ token }) => service.accepted.of(token).map(({ payload }) => payload),
    provider: {
      script: service.script,
      answers: {
        retry: answer(503, 'UNAVAILABLE'),
        gone: answer(404, 'UNREGISTERED'),
        rejected: answer(400, 'INVALID_ARGUMENT'),
        misconfigured: answer(403, 'SENDER_ID_MISMATCH'),
      },
      stop: () => service.close(),
    },
    close: () => close(transport, service),
  };
}

export interface WebPushRig extends Rig<WebPushTarget, WebPushRequest> {
  readonly service: WebPushService;
  readonly serverKey: string;
}

export async function webPushRig({ limits: own, ...settings }: RigSettings = {}): Promise<WebPushRig> {
  const service = await WebPushService.listen(settings);
  const keys = generateVapidKeys();
  const transport = new WebPushTransport({
    vapid: { ...keys, subject: 'mailto:push@example.com' },
    navigate: 'https://chat.example/',
    localOrigin: service.origin,
    limits: { ...limits, ...own },
    ...times(settings),
  });
  return {
    transport,
    service,
    serverKey: keys.publicKey,
    newDevice: () => ({ platform: 'webpush', ...service.subscribe(keys.publicKey) }),
    badge: ({ endpoint }) => service.accepted.badge(endpoint),
    accepted: ({ endpoint }) => service.accepted.of(endpoint).map(({ payload }) => payload),
    provider: {
      script: service.script,
      answers: {
        retry: { status: 429, headers: { 'retry-after': '3' } },
        gone: { status: 410 },
        rejected: { status: 413 },
        misconfigured: { status: 403, body: '{"reason":"BadJwtToken"}' },
      },
      stop: () => service.close(),
    },
    close: () => close(transport, service),
  };
}
