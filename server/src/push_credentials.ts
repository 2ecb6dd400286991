/** What an app's pushes are signed with, by platform: stored sealed, opened only where a transport is made of it. */

export interface ApnsCredentials {
  readonly platform: 'apns';
  readonly key: {
    /** The .p8 file as Apple gives it, PEM. */
    readonly privateKey: string;
    readonly keyId: string;
    readonly teamId: string;
  };
}

export interface FcmCredentials {
  readonly platform: 'fcm';
  /** The members of Google's service account file that are used. */
  readonly serviceAccount: {
    readonly project_id: string;
    readonly client_email: string;
    readonly private_key: string;
    readonly private_key_id?: string;
  };
}

export interface WebPushCredentials {
  readonly platform: 'webpush';
  readonly vapid: {
    readonly publicKey: string;
    readonly privateKey: string;
    /** A mailto: or https: URL under which a push service can reach the operator. */
    readonly subject: string;
  };
  /** Where a click on a notification leads, absolute. */
  readonly navigate: string;
}

export type PushCredentials = ApnsCredentials | FcmCredentials | WebPushCredentials;
