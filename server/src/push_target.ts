/** Where a push provider knows a device: what the store keeps of it, and what the transports send to. */

export type Platform = 'apns' | 'fcm' | 'webpush';

export type ApnsEnvironment = 'production' | 'development';

export interface ApnsTarget {
  readonly platform: 'apns';
  /** The device token, hexadecimal. */
  readonly token: string;
  readonly bundleId: string;
  /** Where the token was last accepted, or what the device said when it registered. */
  readonly environment: ApnsEnvironment;
}

export interface FcmTarget {
  readonly platform: 'fcm';
  readonly token: string;
}

export interface WebPushTarget {
  readonly platform: 'webpush';
  readonly endpoint: string;
  /** The subscription's keys, base64url, as the browser's PushSubscription gives them. */
  readonly keys: { readonly p256dh: string; readonly auth: string };
}

export type PushTarget = ApnsTarget | FcmTarget | WebPushTarget;
