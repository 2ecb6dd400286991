/** A page's side of Web Push: it subscribes the browser and registers it, and takes both back at sign-out. */
import { base64url, deviceId, type PushToken, pushToken } from './push_token.js';

export interface SubscribeOptions {
  readonly registration: ServiceWorkerRegistration;
  /** Of the app: GET /admin/apps/APP/push/webpush shows it. */
  readonly vapidPublicKey: string;
  /** Sends it to POST …/push_tokens, by your backend or with the user's token. */
  readonly register: (token: PushToken) => unknown;
}

/**
 * Call it when the user has asked for notifications, since browsers ask for permission only then, and at every start
 * of a page that has the permission. Throws what pushManager.subscribe throws, such as NotAllowedError.
 */
export async function subscribeToPush(options: SubscribeOptions): Promise<PushToken> {
  const { registration, vapidPublicKey, register } = options;
  const { pushManager } = registration;
  const existing = await pushManager.getSubscription();
  // One that was made with another key gets none of the pushes that are signed with this one.
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
  /** Sends it to DELETE …/push_tokens/DEVICE_ID. */
  readonly unregister: (deviceId: string) => unknown;
}

/** At sign-out: the next user of this browser gets none of this one's pushes, even if the service is out of reach. */
export async function unsubscribeFromPush({ registration, unregister }: UnsubscribeOptions): Promise<void> {
  const subscription = await registration.pushManager.getSubscription();
  if (subscription === null) return;
  try {
    await unregister(await deviceId(subscription.endpoint));
  } finally {
    await subscription.unsubscribe();
  }
}

/** A browser that does not say with which key it subscribed is taken at its word. */
function isOfKey({ options }: PushSubscription, publicKey: string): boolean {
  const key = options?.applicationServerKey;
  return (
    key === null || key === undefined || base64url(new Uint8Array(key)) === publicKey.replaceAll('=', '')
  );
}
