/** Web Push in a page: subscribes the browser and registers it, and reverts both at sign-out. */
import { base64url, deviceId, type PushToken, pushToken } from './push_token.js';

export interface SubscribeOptions {
  readonly registration: ServiceWorkerRegistration;
  /** The app's public key, from GET /admin/apps/APP/push/webpush. */
  readonly vapidPublicKey: string;
  /** Sends the token to POST …/push_tokens, by your backend or with the user's token. */
  readonly register: (token: PushToken) => unknown;
}

/**
 * Call it when the user asks for notifications, since browsers ask for permission only then, and at every start of a
 * page that has the permission.
 *
 * @throws what pushManager.subscribe throws, such as NotAllowedError if the user refuses
 */
export async function subscribeToPush(options: SubscribeOptions): Promise<PushToken> {
  const { registration, vapidPublicKey, register } = options;
  const { pushManager } = registration;
  const existing = await pushManager.getSubscription();
  // A subscription with another key receives no pushes that are signed with this one.
  const isOurs = existing !== null && isOfKey(existing, vapidPublicKey);
  if (existing !== null && !isOurs) await existing.unsubscribe();
  const subscription = isOurs
    ? existing
    : await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: vapidPublicKey });
  const token = await pushToken(subscription);
  await register(token);
  return token;
}

export interface UnsubscribeOptions {
  readonly registration: ServiceWorkerRegistration;
  /** Sends the id to DELETE …/push_tokens/DEVICE_ID. */
  readonly unregister: (deviceId: string) => unknown;
}

/** Call it at sign-out: the next user of this browser gets none of this user's pushes, even if the service cannot be reached. */
export async function unsubscribeFromPush({ registration, unregister }: UnsubscribeOptions): Promise<void> {
  const subscription = await registration.pushManager.getSubscription();
  if (subscription === null) return;
  try {
    await unregister(await deviceId(subscription.endpoint));
  } finally {
    await subscription.unsubscribe();
  }
}

/** True, too, if the browser does not say which key it subscribed with. */
function isOfKey({ options }: PushSubscription, publicKey: string): boolean {
  const key = options?.applicationServerKey;
  return (
    key === null || key === undefined || base64url(new Uint8Array(key)) === publicKey.replaceAll('=', '')
  );
}
