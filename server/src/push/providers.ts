/**
 * The providers as an app's credentials open them: a transport for each platform, or, without credentials,
 * one that logs what would be sent. The only file of push delivery that lists all transports.
 */
import type { Logger } from 'pino';
import type { PushCredentials } from '../push_credentials.js';
import type {
  ApnsEnvironment,
  ApnsTarget,
  FcmTarget,
  Platform,
  PushTarget,
  WebPushTarget,
} from '../push_target.js';
import type { VerdictKind } from '../push_verdict.js';
import type { Providers } from './delivery.js';
import { type OpenTransport, openTransportOf } from './open_transports.js';
import { ApnsTransport, apnsOrigins } from './transport/apns/apns_transport.js';
import { capabilities } from './transport/capabilities.js';
import { FcmTransport } from './transport/fcm/fcm_transport.js';
import { LogTransport } from './transport/log/log_transport.js';
import { misconfigured, type Verdict } from './transport/verdict.js';
import { subscriptionKeys } from './transport/webpush/encryption.js';
import { guardEndpoint, knownPushHosts } from './transport/webpush/endpoint_guard.js';
import { generateVapidKeys } from './transport/webpush/vapid.js';
import { WebPushTransport } from './transport/webpush/web_push_transport.js';

export interface ProviderSettings {
  /** For services on this machine, in place of the providers'. */
  readonly apnsOrigins?: Partial<Readonly<Record<ApnsEnvironment, string>>>;
  readonly fcmOrigin?: string;
  readonly fcmTokenUrl?: string;
  readonly webPushLocalOrigin?: string;
  /** Hosts of Web Push services that may be called, in place of the browsers' own. */
  readonly webPushHosts?: readonly string[];
  /** How long a provider may take to respond. Default: 15 seconds. */
  readonly requestTimeoutMs?: number;
}

export interface ProvidersDeps {
  readonly settings: ProviderSettings;
  /** The stored credentials. Unreadable: sealed with another secret key. */
  readonly credentials: (
    app: string,
    platform: Platform,
  ) => Promise<PushCredentials | 'unreadable' | undefined>;
  readonly log: Logger;
  /** Called for every push. Without credentials the push is only logged, on any platform. */
  readonly onOutcome: (platform: Platform, outcome: VerdictKind | 'logged') => void;
}

export function openProviders(deps: ProvidersDeps): Providers {
  return {
    openTransport: (app, platform) => openTransport(deps, app, platform),
    targetProblem: (target) => targetProblem(deps.settings, target),
    newVapidKeys: generateVapidKeys,
  };
}

async function openTransport(deps: ProvidersDeps, app: string, platform: Platform): Promise<OpenTransport> {
  const credentials = await deps.credentials(app, platform);
  if (credentials === undefined) return loggingTransport(deps, app, platform);
  const transport =
    credentials === 'unreadable' ? refusingTransport(platform) : transportWith(deps.settings, credentials);
  return observed(deps, app, platform, transport);
}

function transportWith(settings: ProviderSettings, credentials: PushCredentials): OpenTransport {
  const { fcmOrigin, fcmTokenUrl, webPushHosts, webPushLocalOrigin, requestTimeoutMs } = settings;
  const limits = requestTimeoutMs === undefined ? {} : { limits: { requestTimeoutMs } };
  switch (credentials.platform) {
    case 'apns': {
      const origins = { ...apnsOrigins, ...settings.apnsOrigins };
      const isMine = (target: PushTarget): target is ApnsTarget => target.platform === 'apns';
      return openTransportOf(new ApnsTransport({ key: credentials.key, origins, ...limits }), isMine);
    }
    case 'fcm': {
      const transport = new FcmTransport({
        serviceAccount: credentials.serviceAccount,
        ...limits,
        ...(fcmOrigin !== undefined && { origin: fcmOrigin }),
        ...(fcmTokenUrl !== undefined && { tokenUrl: fcmTokenUrl }),
      });
      return openTransportOf(transport, (target): target is FcmTarget => target.platform === 'fcm');
    }
    case 'webpush': {
      const transport = new WebPushTransport({
        vapid: credentials.vapid,
        navigate: credentials.navigate,
        ...limits,
        ...(webPushHosts !== undefined && { hosts: webPushHosts }),
        ...(webPushLocalOrigin !== undefined && { localOrigin: webPushLocalOrigin }),
      });
      return openTransportOf(transport, (target): target is WebPushTarget => target.platform === 'webpush');
    }
  }
}

function loggingTransport({ log, onOutcome }: ProvidersDeps, app: string, platform: Platform): OpenTransport {
  const transport = new LogTransport<PushTarget>(platform, (request) => {
    log.info({ app, ...request }, 'would push');
    onOutcome(platform, 'logged');
  });
  return openTransportOf(transport, (target): target is PushTarget => target.platform === platform);
}

/** Drops no device: everything waits until the secret key is back or the credentials are set anew. */
function refusingTransport(platform: Platform): OpenTransport {
  const verdict = misconfigured('credentials', 'the credentials were sealed with another secret key');
  return { capabilities: capabilities[platform], deliver: async () => ({ verdict }), close: async () => {} };
}

/** Counts and logs the verdict of each push, without its user and device. */
function observed(
  { log, onOutcome }: ProvidersDeps,
  app: string,
  platform: Platform,
  transport: OpenTransport,
): OpenTransport {
  return {
    ...transport,
    async deliver(delivery, nowMs) {
      const outcome = await transport.deliver(delivery, nowMs);
      const { verdict } = outcome;
      onOutcome(platform, verdict.kind);
      if (verdict.kind !== 'delivered') {
        const { level, message } = remarkOn(verdict);
        log[level]({ app, platform, reason: verdict.reason }, message);
      }
      return outcome;
    },
  };
}

type Failed = Exclude<Verdict, { kind: 'delivered' }>;

function remarkOn(verdict: Failed): (typeof remarks)[keyof typeof remarks] {
  const isForeign = verdict.kind === 'misconfigured' && verdict.about === 'device';
  return remarks[isForeign ? 'foreign' : verdict.kind];
}

const remarks = {
  retry: { level: 'debug', message: 'push failed; it is tried again' },
  gone: { level: 'info', message: 'the provider does not know the device any more; the device is dropped' },
  rejected: { level: 'warn', message: 'push rejected; it is not sent again' },
  misconfigured: {
    level: 'error',
    message: 'push credentials or settings refused; pushes are paused after a few of these',
  },
  foreign: {
    level: 'warn',
    message: 'the device is registered with a token, topic or key of another app; it is tried again later',
  },
} as const;

function targetProblem(
  { webPushHosts = knownPushHosts, webPushLocalOrigin }: ProviderSettings,
  target: PushTarget,
): string | undefined {
  if (target.platform !== 'webpush') return undefined;
  const policy = {
    hosts: webPushHosts,
    ...(webPushLocalOrigin !== undefined && { localOrigin: webPushLocalOrigin }),
  };
  const guarded = guardEndpoint(target.endpoint, policy);
  if ('refusal' in guarded) return guarded.refusal;
  return subscriptionKeys(target.keys) === undefined
    ? 'its keys are not a P-256 public key and a secret of 16 bytes, in base64url'
    : undefined;
}
