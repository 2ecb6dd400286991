/** A browser's push subscription as the service registers it: the body of POST …/push_tokens. */

export interface PushToken {
  readonly device_id: string;
  readonly type: 'webpush';
  readonly subscription: {
    readonly endpoint: string;
    readonly keys: { readonly p256dh: string; readonly auth: string };
  };
}

/**
 * The device id is derived from the endpoint, so page and worker both have it and neither stores it. A browser that
 * subscribes again is a new device; the old one is removed once its push service reports it as gone.
 */
export async function pushToken(subscription: PushSubscription): Promise<PushToken> {
  const { endpoint, keys } = subscription.toJSON();
  const { p256dh, auth } = { ...keys };
  if (endpoint === undefined || p256dh === undefined || auth === undefined)
    throw new TypeError('The subscription has no keys.');
  return {
    device_id: await deviceId(endpoint),
    type: 'webpush',
    subscription: { endpoint, keys: { p256dh, auth } },
  };
}

export async function deviceId(endpoint: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(endpoint));
  return `web-${base64url(new Uint8Array(hash).subarray(0, 16))}`;
}

export function base64url(bytes: Uint8Array): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}
