/** Push credentials of an app: parsed when they are set, sealed, and never shown again. */
import { createECDH } from 'node:crypto';
import { importPKCS8 } from 'jose';
import type {
  ApnsCredentials,
  FcmCredentials,
  PushCredentials,
  WebPushCredentials,
} from '../push_credentials.js';
import { type Platform, platforms } from '../push_target.js';
import type { Store } from '../store/port.js';
import { getApp } from './apps.js';
import { Refused, refuseInvalid, refuseMissing } from './refused.js';
import type { SecretKey } from './sealing.js';
import type { Service } from './service.js';

export interface StoredCredentials<C extends PushCredentials = PushCredentials> {
  readonly credentials: C;
  readonly setAt: number;
}

export type CredentialsFor<P extends Platform> = Extract<PushCredentials, { platform: P }>;

/** Unreadable: they were sealed with another secret key. */
export async function storedCredentials<P extends Platform>(
  { store, secretKey }: { readonly store: Store; readonly secretKey: SecretKey },
  app: string,
  platform: P,
): Promise<StoredCredentials<CredentialsFor<P>> | 'unreadable' | undefined> {
  const sealed = await store.push.credentials(app, platform);
  if (sealed === undefined) return undefined;
  const text = secretKey.open(sealed, context(app, platform));
  // A text that opens was sealed here, for this app and platform.
  return text === undefined ? 'unreadable' : JSON.parse(text);
}

/** The credentials that were sealed with another secret key than this one. */
export async function unreadableCredentials(
  service: Service,
): Promise<readonly { readonly app: string; readonly platform: Platform }[]> {
  const unreadable: { app: string; platform: Platform }[] = [];
  for (const { id: app } of await service.store.apps.list()) {
    for (const platform of platforms) {
      if ((await storedCredentials(service, app, platform)) === 'unreadable')
        unreadable.push({ app, platform });
    }
  }
  return unreadable;
}

export async function readCredentials<P extends Platform>(
  service: Service,
  app: string,
  platform: P,
): Promise<StoredCredentials<CredentialsFor<P>>> {
  const { id } = await getApp(service, app);
  const stored = await storedCredentials(service, id, platform);
  if (stored === undefined) return refuseNotSet(platform);
  return stored === 'unreadable' ? refuseUnreadable() : stored;
}

const providerNames: Readonly<Record<Platform, string>> = { apns: 'APNs', fcm: 'FCM', webpush: 'Web Push' };

function refuseNotSet(platform: Platform): never {
  const message =
    `No ${providerNames[platform]} credentials are set for this app. ` +
    `Set them with PUT /admin/apps/APP/push/${platform}.`;
  throw new Refused({ code: 'not_found', message });
}

function refuseUnreadable(): never {
  const message =
    'These credentials were sealed with another secret key. Start the service with that one, or delete them.';
  throw new Refused({ code: 'invalid_operation', message });
}

export async function setCredentials(
  service: Service,
  app: string,
  credentials: PushCredentials,
): Promise<void> {
  const { id } = await getApp(service, app);
  const { platform } = credentials;
  const stored: StoredCredentials = { credentials, setAt: service.now() };
  const sealed = service.secretKey.seal(JSON.stringify(stored), context(id, platform));
  await service.store.push.setCredentials(id, platform, sealed);
  await service.push.credentialsChanged(id, platform);
}

export async function deleteCredentials(service: Service, app: string, platform: Platform): Promise<void> {
  const { id } = await getApp(service, app);
  if ((await service.store.push.credentials(id, platform)) === undefined) refuseNotSet(platform);
  await service.store.push.setCredentials(id, platform, undefined);
  await service.push.credentialsChanged(id, platform);
}

export async function apnsCredentials(key: ApnsCredentials['key']): Promise<ApnsCredentials> {
  for (const [property, id] of [
    ['key_id', key.keyId],
    ['team_id', key.teamId],
  ] as const) {
    if (!/^[A-Z0-9]{10}$/.test(id)) {
      refuseInvalid(property, `${property} must be 10 capital letters and digits, as Apple shows it.`);
    }
  }
  const message =
    'private_key must be the .p8 file from Apple as text: a P-256 private key in PEM (PKCS #8).';
  await checkKey(key.privateKey, 'ES256', message);
  return { platform: 'apns', key };
}

export async function fcmCredentials(
  serviceAccount: FcmCredentials['serviceAccount'],
): Promise<FcmCredentials> {
  const { project_id, client_email, private_key } = serviceAccount;
  if (!/^[\w.:-]{1,255}$/.test(project_id)) {
    refuseInvalid(
      'project_id',
      'project_id must be the id of a Firebase project, as in the file from Google.',
    );
  }
  if (!/^[^\s@]+@[^\s@]+$/.test(client_email)) {
    refuseInvalid('client_email', 'client_email must be the email address of a service account.');
  }
  const message = 'private_key must be as in the file from Google: an RSA private key in PEM (PKCS #8).';
  await checkKey(private_key, 'RS256', message);
  return { platform: 'fcm', serviceAccount };
}

/** The cause is dropped: it may quote the key. */
async function checkKey(pem: string, algorithm: 'ES256' | 'RS256', message: string): Promise<void> {
  await importPKCS8(pem, algorithm).catch(() => refuseInvalid('private_key', message));
}

export interface WebPushInput {
  readonly subject: string;
  readonly navigate: string;
  readonly publicKey: string | undefined;
  readonly privateKey: string | undefined;
}

/** Without keys in the request, the app's keys stay, because browsers subscribed with them; if it has none, new ones. */
export async function webPushCredentials(
  service: Service,
  app: string,
  { subject, navigate, publicKey, privateKey }: WebPushInput,
): Promise<WebPushCredentials> {
  checkSubject(subject);
  if (!/^https?:$/.test(protocol(navigate) ?? '')) {
    refuseInvalid('navigate', 'navigate must be an absolute http or https URL: where a click leads.');
  }
  const keys = await vapidKeys(service, app, publicKey, privateKey);
  return { platform: 'webpush', vapid: { ...keys, subject }, navigate };
}

async function vapidKeys(
  service: Service,
  app: string,
  publicKey: string | undefined,
  privateKey: string | undefined,
): Promise<{ publicKey: string; privateKey: string }> {
  if (publicKey === undefined && privateKey === undefined) {
    const stored = await storedCredentials(service, (await getApp(service, app)).id, 'webpush');
    if (stored === undefined) return service.push.newVapidKeys();
    // New keys would end every subscription that was made with the old ones.
    if (stored === 'unreadable') return refuseUnreadable();
    return { publicKey: stored.credentials.vapid.publicKey, privateKey: stored.credentials.vapid.privateKey };
  }
  if (publicKey === undefined)
    return refuseMissing('public_key', 'public_key is missing. Send both keys, or none.');
  if (privateKey === undefined)
    return refuseMissing('private_key', 'private_key is missing. Send both keys, or none.');
  if (isKeyPair(publicKey, privateKey)) return { publicKey, privateKey };
  const message =
    'private_key must be the P-256 key of 32 bytes in base64url that belongs to public_key, of 65 bytes.';
  return refuseInvalid('private_key', message);
}

function isKeyPair(publicKey: string, privateKey: string): boolean {
  const secret = Buffer.from(privateKey, 'base64url');
  if (secret.length !== 32) return false;
  try {
    const pair = createECDH('prime256v1');
    pair.setPrivateKey(secret);
    return pair.getPublicKey('base64url') === publicKey;
  } catch {
    return false;
  }
}

/** Apple's push service refuses every message whose subject is no valid mailto: or https: URL. */
function checkSubject(subject: string): void {
  const host = /^mailto:[^\s@]+@([^\s@]+)$/.exec(subject)?.[1] ?? httpsHost(subject);
  if (host !== undefined && host !== 'localhost') return;
  refuseInvalid('subject', 'subject must be a mailto: or https: URL under which you can be reached.');
}

function httpsHost(text: string): string | undefined {
  return protocol(text) === 'https:' ? new URL(text).hostname : undefined;
}

function protocol(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).protocol : undefined;
}

/** Whether the secret key opens them. */
export function isReadable(
  secretKey: SecretKey,
  { app, platform, sealed }: { readonly app: string; readonly platform: string; readonly sealed: Uint8Array },
): boolean {
  return secretKey.open(sealed, context(app, platform)) !== undefined;
}

function context(app: string, platform: string): readonly string[] {
  return ['push credentials', app, platform];
}
