/**
 * The providers as an app's credentials open them: a transport for each platform, or, without credentials,
 * one that writes what would be sent. The one place of push delivery that knows every transport.
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
import type { Providers } from './delivery.js';
import { type Sender, senderOf } from './sender.js';
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
  /** For services on this machine, in place of the providers' own. */
  readonly apnsOrigins?: Partial<Readonly<Record<ApnsEnvironment, string>>>;
  readonly fcmOrigin?: string;
  readonly fcmTokenUrl?: string;
  readonly webPushLocalOrigin?: string;
  /** Known Web Push services, in place of the browsers' own. */
  readonly webPushHosts?: readonly string[];
  /** How long a provider may take to answer. Default: 15 seconds. */
  readonly requestTimeoutMs?: number;
}

export interface ProvidersParts {
  readonly settings: ProviderSettings;
  /** As they are kept now. Unreadable: sealed with another secret key. */
  readonly credentials: (
    app: string,
    platform: Platform,
  ) => Promise<PushCredentials | 'unreadable' | undefined>;
  readonly log: Logger;
  /** Told of every push. Without credentials it is logged, whatever the platform. */
  readonly onOutcome: (platform: Platform, outcome: Verdict['kind'] | 'logged') => void;
}

export function openProviders(parts: ProvidersParts): Providers {
  return {
    openSender: (app, platform) => openSender(parts, app, platform),
    targetProblem: (target) => targetProblem(parts.settings, target),
    newVapidKeys: generateVapidKeys,
  };
}

async function openSender(parts: ProvidersParts, app: string, platform: Platform): Promise<Sender> {
  const credentials = await parts.credentials(app, platform);
  if (credentials === undefined) return loggingSender(parts, app, platform);
  const sender =
    credentials === 'unreadable' ? refusingSender(platform) : sending(parts.settings, credentials);
  return observed(parts, app, platform, sender);
}

function sending(settings: ProviderSettings, credentials: PushCredentials): Sender {
  const { fcmOrigin, fcmTokenUrl, webPushHosts, webPushLocalOrigin, requestTimeoutMs } = settings;
  const limits = requestTimeoutMs === undefined ? {} : { limits: { requestTimeoutMs } };
  switch (credentials.platform) {
    case 'apns': {
      const origins = { ...apnsOrigins, ...settings.apnsOrigins };
      const isMine = (target: PushTarget): target is ApnsTarget => target.platform === 'apns';
      return senderOf(new ApnsTransport({ key: credentials.key, origins, ...limits }), isMine);
    }
    case 'fcm': {
      const transport = new FcmTransport({
        serviceAccount: credentials.serviceAccount,
        ...limits,
        ...(fcmOrigin !== undefined && { origin: fcmOrigin }),
        ...(fcmTokenUrl !== undefined && { tokenUrl: fcmTokenUrl }),
      });
      return senderOf(transport, (target): target is FcmTarget => target.platform === 'fcm');
    }
    case 'webpush': {
      const transport = new WebPushTransport({
        vapid: credentials.vapid,
        navigate: credentials.navigate,
        ...limits,
        ...(webPushHosts !== undefined && { hosts: webPushHosts }),
        ...(webPushLocalOrigin !== undefined && { localOrigin: webPushLocalOrigin }),
      });
      return senderOf(transport, (target): target is WebPushTarget => target.platform === 'webpush');
    }
  }
}

function loggingSender({ log, onOutcome }: ProvidersParts, app: string, platform: Platform): Sender {
  const transport = new LogTransport<PushTarget>(platform, (request) => {
    log.info({ app, ...request }, 'would push');
    onOutcome(platform, 'logged');
  });
  return senderOf(transport, (target): target is PushTarget => target.platform === platform);
}

/** Every device is kept, and everything waits until the key is back or the credentials are set anew. */
function refusingSender(platform: Platform): Sender {
  const verdict = misconfigured('the credentials were sealed with another secret key');
  return { capabilities: capabilities[platform], deliver: async () => ({ verdict }), close: async () => {} };
}

/** Says what matters of the providers' answers, and nothing of whom the pushes were for. */
function observed(
  { log, onOutcome }: ProvidersParts,
  app: string,
  platform: Platform,
  sender: Sender,
): Sender {
  return {
    ...sender,
    async deliver(delivery, nowMs) {
      const outcome = await sender.deliver(delivery, nowMs);
      const { verdict } = outcome;
      onOutcome(platform, verdict.kind);
      if (verdict.kind !== 'delivered') {
        const { level, message } = remarks[verdict.kind];
        log[level]({ app, platform, reason: verdict.reason }, message);
      }
      return outcome;
    },
  };
}

const remarks = {
  retry: { level: 'debug', message: 'a push is to be tried again' },
  gone: { level: 'info', message: 'a device is gone, and is dropped' },
  rejected: { level: 'warn', message: 'a provider refused a push, which is not sent again' },
  misconfigured: { level: 'error', message: 'a provider refuses the credentials or settings of an app' },
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
