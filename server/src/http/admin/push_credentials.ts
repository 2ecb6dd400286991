/** An app's push credentials: set, shown without secrets, deleted, and tested with one push. */

import Type, { type Static } from 'typebox';
import type { Platform } from '../../push_target.js';
import { type PauseKind, pauseKinds, type VerdictKind, verdictKinds } from '../../push_verdict.js';
import { existingAppId } from '../../service/apps.js';
import {
  apnsCredentials,
  type CredentialsFor,
  deleteCredentials,
  fcmCredentials,
  readCredentials,
  type StoredCredentials,
  setCredentials,
  webPushCredentials,
} from '../../service/push_credentials.js';
import type { Service } from '../../service/service.js';
import { testPush } from '../../service/test_push.js';
import { type Endpoint, endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { isoTime, nullableInteger, nullableText, Time, UserId } from '../foundation/ids.js';
import { examples } from './examples/push.js';

const tag = 'admin';
const url = '/admin/apps/:app_id/push';
const params = { app_id: Type.String({ description: 'The UUID of the app.' }) };

const Health = Type.Object(
  {
    state: Type.Unsafe<'ok' | PauseKind>({
      type: 'string',
      enum: ['ok', ...pauseKinds],
      description:
        'Unless it is ok, push delivery is paused: the provider does not respond, or refuses these credentials.',
    }),
    reason: nullableText({ description: 'The reason that the provider returned.' }),
    since: nullableText({ format: 'date-time' }),
    next_try_at: nullableText({ format: 'date-time' }),
  },
  { $id: 'PushHealth' },
);
const kept = { updated_at: Time, health: Health };

const ApnsResponse = Type.Object(
  { key_id: Type.String(), team_id: Type.String(), ...kept },
  { $id: 'ApnsCredentials' },
);
const FcmResponse = Type.Object(
  { project_id: Type.String(), client_email: Type.String(), ...kept },
  { $id: 'FcmCredentials' },
);
const WebPushResponse = Type.Object(
  {
    public_key: Type.String({
      description: 'The applicationServerKey that a page passes to pushManager.subscribe().',
    }),
    subject: Type.String(),
    navigate: Type.String(),
    ...kept,
  },
  { $id: 'WebPushCredentials' },
);

const Tested = Type.Object(
  {
    verdict: Type.Unsafe<VerdictKind>({
      type: 'string',
      enum: [...verdictKinds],
      description:
        'gone: the provider no longer knows the push target. rejected: it refused this push. misconfigured: it refused the credentials.',
    }),
    reason: nullableText({
      description: 'The reason that the provider returned; null if it accepted the push.',
    }),
    badge: nullableInteger({ description: 'The number in the push; null where badges are disabled.' }),
  },
  { $id: 'TestedPush' },
);

async function apnsResponse(service: Service, app: string): Promise<Static<typeof ApnsResponse>> {
  const read = await readCredentials(service, app, 'apns');
  const { keyId, teamId } = read.credentials.key;
  return { key_id: keyId, team_id: teamId, ...storedResponse(service, app, 'apns', read) };
}

async function fcmResponse(service: Service, app: string): Promise<Static<typeof FcmResponse>> {
  const read = await readCredentials(service, app, 'fcm');
  const { project_id, client_email } = read.credentials.serviceAccount;
  return { project_id, client_email, ...storedResponse(service, app, 'fcm', read) };
}

async function webPushResponse(service: Service, app: string): Promise<Static<typeof WebPushResponse>> {
  const read = await readCredentials(service, app, 'webpush');
  const { vapid, navigate } = read.credentials;
  const { publicKey: public_key, subject } = vapid;
  return { public_key, subject, navigate, ...storedResponse(service, app, 'webpush', read) };
}

const secretText = (what: string) => Type.String({ description: `A string: ${what}.` });

/** The other fields of Google's file, so that the file can be sent as it is. */
const unusedFcmFields = Object.fromEntries(
  [
    'type',
    'client_id',
    'auth_uri',
    'token_uri',
    'auth_provider_x509_cert_url',
    'client_x509_cert_url',
    'universe_domain',
  ].map((name) => [name, Type.Optional(Type.Unknown({ description: 'Not used.' }))]),
);

export const pushCredentialEndpoints: readonly Endpoint[] = [
  endpoint({
    name: 'set_apns_credentials',
    example: examples.apns.set,
    summary: "Set an app's APNs key. Badges that are not up to date are pushed at once.",
    tag,
    method: 'PUT',
    url: `${url}/apns`,
    access: 'admin',
    params,
    body: {
      key_id: Type.String({ description: 'The id of the key, 10 characters.' }),
      team_id: Type.String({ description: 'The id of the team, 10 characters.' }),
      private_key: secretText('the .p8 file from Apple'),
    },
    responses: { 200: ApnsResponse },
    run: async ({ service }, { app_id, key_id, team_id, private_key }) => {
      const key = { privateKey: private_key, keyId: key_id, teamId: team_id };
      await setCredentials(service, app_id, await apnsCredentials(key));
      return respond(200, await apnsResponse(service, app_id));
    },
  }),
  ...reading('apns', ApnsResponse, apnsResponse),

  endpoint({
    name: 'set_fcm_credentials',
    example: examples.fcm.set,
    summary: "Set an app's FCM service account. The body is the unchanged file from Google.",
    tag,
    method: 'PUT',
    url: `${url}/fcm`,
    access: 'admin',
    params,
    body: {
      project_id: Type.String({ description: 'The id of the Firebase project.' }),
      client_email: Type.String({ description: 'The email address of the service account.' }),
      private_key: secretText('the RSA key of the service account'),
      private_key_id: Type.Optional(Type.String({ description: 'The id of that key.' })),
      ...unusedFcmFields,
    },
    responses: { 200: FcmResponse },
    run: async ({ service }, { app_id, project_id, client_email, private_key, private_key_id }) => {
      const keyId = private_key_id === undefined ? {} : { private_key_id };
      const account = { project_id, client_email, private_key, ...keyId };
      await setCredentials(service, app_id, await fcmCredentials(account));
      return respond(200, await fcmResponse(service, app_id));
    },
  }),
  ...reading('fcm', FcmResponse, fcmResponse),

  endpoint({
    name: 'set_webpush_credentials',
    example: examples.webpush.set,
    summary: "Set an app's VAPID identity. Without keys, its existing keys stay, or new ones are generated.",
    tag,
    method: 'PUT',
    url: `${url}/webpush`,
    access: 'admin',
    params,
    body: {
      subject: Type.String({ description: 'A mailto: or https: URL for contacting you.' }),
      navigate: Type.String({ description: 'An absolute URL that a click on a notification opens.' }),
      public_key: Type.Optional(secretText('a VAPID public key, base64url')),
      private_key: Type.Optional(secretText('the VAPID private key that belongs to it, base64url')),
    },
    responses: { 200: WebPushResponse },
    run: async ({ service }, { app_id, subject, navigate, public_key, private_key }) => {
      const input = { subject, navigate, publicKey: public_key, privateKey: private_key };
      await setCredentials(service, app_id, await webPushCredentials(service, app_id, input));
      return respond(200, await webPushResponse(service, app_id));
    },
  }),
  ...reading('webpush', WebPushResponse, webPushResponse),
];

/** Showing, deleting and testing, which are the same for all platforms. */
function reading<A extends typeof ApnsResponse | typeof FcmResponse | typeof WebPushResponse>(
  platform: Platform,
  shape: A,
  read: (service: Service, app: string) => Promise<Static<A>>,
): readonly Endpoint[] {
  return [
    endpoint({
      name: `get_${platform}_credentials`,
      example: examples[platform].read,
      summary: `Read an app's ${platform} credentials, without secrets, and whether delivery is paused.`,
      tag,
      method: 'GET',
      url: `${url}/${platform}`,
      access: 'admin',
      params,
      responses: { 200: Type.Unsafe<Static<A>>(shape) },
      run: async ({ service }, { app_id }) => respond(200, await read(service, app_id)),
    }),

    endpoint({
      name: `delete_${platform}_credentials`,
      summary: `Delete an app's ${platform} credentials. Its pushes over ${platform} are only logged from then on.`,
      tag,
      method: 'DELETE',
      url: `${url}/${platform}`,
      access: 'admin',
      params,
      responses: { 204: NoContent },
      run: async ({ service }, { app_id }) => {
        await deleteCredentials(service, app_id, platform);
        return noContent;
      },
    }),

    endpoint({
      name: `test_${platform}`,
      example: examples[platform].test,
      idempotency: 'none',
      summary: `Send one push to one device over ${platform}, and return the provider's result.`,
      tag,
      method: 'POST',
      url: `${url}/${platform}/test`,
      access: 'admin',
      params,
      body: {
        user_id: UserId,
        device_id: Type.String({ description: 'The id of a device of that user.' }),
        title: Type.Optional(Type.String({ description: 'The title of the push.' })),
        text: Type.Optional(Type.String({ description: 'The text of the push.' })),
      },
      responses: { 200: Tested },
      run: async ({ service }, input) => {
        const { app_id, user_id, device_id, title = 'badged', text = 'This is a test.' } = input;
        const target = { platform, user: user_id, device: device_id };
        const tested = await testPush(service, existingAppId(app_id), target, { title, text });
        const { verdict, reason, badge } = tested;
        return respond(200, { verdict, reason, badge });
      },
    }),
  ];
}

function storedResponse<P extends Platform>(
  { push }: Service,
  app: string,
  platform: P,
  { setAt }: StoredCredentials<CredentialsFor<P>>,
): { updated_at: string; health: Static<typeof Health> } {
  const id = existingAppId(app);
  const pause = push.paused.find((paused) => paused.app === id && paused.platform === platform);
  const health = {
    state: pause?.kind ?? ('ok' as const),
    reason: pause?.reason ?? null,
    since: pause === undefined ? null : isoTime(pause.since),
    next_try_at: pause === undefined ? null : isoTime(pause.pausedUntil),
  };
  return { updated_at: isoTime(setAt), health };
}
