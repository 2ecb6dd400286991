/** A push target: where a push provider knows a device. The store stores it, the transports send to it. */

export const platforms = ['apns', 'fcm', 'webpush'] as const;
export type Platform = (typeof platforms)[number];

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
