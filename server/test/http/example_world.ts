/**
 * The world that the examples of the OpenAPI document are about: an app with alice, bob and carol, and push providers on
 * this machine. Ids that only the service can choose are replaced in both directions.
 */
import { randomBytes } from 'node:crypto';
import type { DevProviders } from '@badged/dev-push';
import type { LightMyRequestResponse } from 'fastify';
import { parameterExamples } from '../../src/http/openapi/parameter_examples.js';
import { anonymous, type Method, openWorld, type World } from './world.js';

/** A request as the document shows it: its URL, its body, and the security schemes of which one is enough. */
export interface ExampleRequest {
  readonly method: Method;
  readonly url: string;
  readonly body: unknown;
  readonly schemes: readonly string[];
}

export interface ExampleWorld {
  /** The response's body has the ids of the examples again. */
  send(request: ExampleRequest): Promise<{ status: number; text: string }>;
  close(): Promise<void>;
}

const placeholders = {
  adminToken: 'ADMIN_TOKEN',
  apnsKey: '-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMG...\n-----END PRIVATE KEY-----\n',
  fcmKey: '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADAN...\n-----END PRIVATE KEY-----\n',
  otherApp: '7c9e6679-7425-4dde-944b-e07fc1f90ae7',
} as const;

export async function openExampleWorld(providers: DevProviders): Promise<ExampleWorld> {
  const { apns, apnsSandbox, fcm, webPush } = providers;
  const world = await openWorld({
    config: { publicUrl: 'https://badges.example.com', version: '1.0.0' },
    providers: {
      apnsOrigins: { production: apns.origin, development: apnsSandbox.origin },
      fcmOrigin: fcm.origin,
      fcmTokenUrl: fcm.tokenUrl,
      webPushLocalOrigin: webPush.origin,
    },
  });
  const admin = new Seed(world, world.adminToken, '');
  await seedChat(new Seed(world, world.token, `/apps/${world.app}`));
  await seedDevices(world, providers);
  await seedAdmin(admin, world, providers);
  const oauth = await seedOAuth(admin, world);
  const begun = await world.sessions.beginWithToken(world.adminToken);
  const session = { cookie: `__Host-badged_dashboard=${begun?.text}`, 'x-requested-with': 'badged' };
  const replaced: readonly (readonly [example: string, real: string])[] = [
    [`${parameterExamples.client_id}`, oauth.client],
    [`${parameterExamples.channel_id}`, oauth.channel],
    [`${parameterExamples.token_id}`, await firstToken(admin, world)],
    [`${parameterExamples.app_uuid}`, world.app],
    [placeholders.otherApp, world.otherApp],
    [placeholders.adminToken, world.adminToken],
    [JSON.stringify(placeholders.apnsKey), JSON.stringify(providers.apnsKey.privateKey)],
    [JSON.stringify(placeholders.fcmKey), JSON.stringify(providers.fcm.serviceAccount.private_key)],
  ];
  const tokens: Readonly<Record<string, string>> = {
    adminToken: world.adminToken,
    appToken: world.token,
    userToken: await world.userToken('alice'),
    oauth2: oauth.token,
  };
  return {
    async send({ method, url, body, schemes }) {
      const [scheme = ''] = schemes;
      const isSession = scheme === 'dashboardSession';
      const text = body === undefined ? undefined : toReal(JSON.stringify(body), replaced);
      const response = await world.send(method, toReal(url, replaced), {
        token: tokens[scheme] ?? anonymous,
        ...(isSession && { headers: session }),
        ...(text !== undefined && { body: text }),
      });
      return { status: response.statusCode, text: toExample(response.body, replaced) };
    },
    async close() {
      await world.close();
    },
  };
}

type Replaced = readonly (readonly [example: string, real: string])[];

function toReal(text: string, replaced: Replaced): string {
  return replaced.reduce((result, [example, real]) => result.replaceAll(example, real), text);
}

function toExample(text: string, replaced: Replaced): string {
  return replaced.reduce((result, [example, real]) => result.replaceAll(real, example), text);
}

/** Requests that must succeed. */
class Seed {
  readonly #world: World;
  readonly #token: string;
  readonly #prefix: string;

  constructor(world: World, token: string, prefix: string) {
    this.#world = world;
    this.#token = token;
    this.#prefix = prefix;
  }

  async send(method: Method, path: string, body?: unknown): Promise<LightMyRequestResponse> {
    const response = await this.#world.send(method, this.#prefix + path, { token: this.#token, body });
    if (response.statusCode >= 400) throw new Error(`${method} ${path}: ${response.body}`);
    return response;
  }
}

const lastMessage = '7f9a4c2d-1e6b-4c8f-9a32-ad5e3b8c7f41';

async function seedChat(app: Seed): Promise<void> {
  const { conversation_id, message_id, announcement_id } = parameterExamples;
  await app.send('POST', '/conversations', {
    id: conversation_id,
    participants: ['alice', 'bob', 'carol'],
    metadata: { title: 'Lunch' },
  });
  const messages = `/conversations/${conversation_id}/messages`;
  await app.send('POST', messages, { id: message_id, sender: { user_id: 'bob' } });
  await app.send('POST', messages, { id: lastMessage, sender: { user_id: 'carol' } });
  await app.send('POST', '/announcements', {
    id: announcement_id,
    recipients: 'everyone',
    sender: { name: 'News' },
  });
  await app.send('PUT', '/users/alice/badge/external/tasks', { count: 3 });
  await app.send('POST', '/users/alice/blocks', { user_id: 'carol' });
}

async function seedDevices(world: World, { webPush, vapidKeys }: DevProviders): Promise<void> {
  const app = new Seed(world, world.token, `/apps/${world.app}/users/alice`);
  const devices = [
    { device_id: 'alice-phone', type: 'fcm', token: randomBytes(40).toString('base64url') },
    {
      device_id: 'alice-tablet',
      type: 'apns',
      token: randomBytes(32).toString('hex'),
      apns_bundle_id: 'com.example.chat',
    },
    { device_id: 'alice-laptop', type: 'webpush', subscription: webPush.subscribe(vapidKeys.publicKey) },
  ];
  for (const device of devices) await app.send('POST', '/push_tokens', device);
}

async function seedAdmin(
  admin: Seed,
  world: World,
  { apnsKey, fcm, vapidKeys }: DevProviders,
): Promise<void> {
  const app = `/admin/apps/${world.app}`;
  await admin.send('PATCH', app, {
    name: 'Chat',
    include_announcements: true,
    jabber_domain: 'chat.example.com',
  });
  await admin.send('PATCH', `/admin/apps/${world.otherApp}`, {
    name: 'Support',
    badge_mode: 'unread_conversations',
    jabber_domain: 'support.example.com',
  });
  const { keyId: key_id, teamId: team_id, privateKey } = apnsKey;
  await admin.send('PUT', `${app}/push/apns`, { key_id, team_id, private_key: privateKey });
  await admin.send('PUT', `${app}/push/fcm`, fcm.serviceAccount);
  await admin.send('PUT', `${app}/push/webpush`, {
    subject: 'mailto:push@example.com',
    navigate: 'https://chat.example.com/',
    public_key: vapidKeys.publicKey,
    private_key: vapidKeys.privateKey,
  });
  await admin.send('PUT', `${app}/login`, {
    url: 'https://chat.example.com/login',
    keys: [
      {
        kty: 'EC',
        crv: 'P-256',
        alg: 'ES256',
        kid: 'login-1',
        x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
        y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
      },
    ],
  });
}

/** An OAuth client that stands for alice, a token of it, and a channel. */
async function seedOAuth(admin: Seed, world: World) {
  const created = await admin.send('POST', `/admin/apps/${world.app}/oauth_clients`, {
    name: 'Agent desktop',
    grant_types: ['client_credentials'],
    user_id: 'alice',
  });
  const { id: client, secret } = created.json();
  const issued = await world.http.inject({
    method: 'POST',
    url: '/oauth/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: `grant_type=client_credentials&client_id=${client}&client_secret=${secret}`,
  });
  const { access_token: token } = issued.json();
  const opened = await new Seed(world, token, '').send('POST', '/api/v2/notifications/channels');
  return { client, token, channel: opened.json().id };
}

async function firstToken(admin: Seed, world: World): Promise<string> {
  const [first] = (await admin.send('GET', `/admin/apps/${world.app}/tokens`)).json();
  return first.id;
}
