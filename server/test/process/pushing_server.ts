/** The real server with the local push services, an app that has credentials for all of them, and its calls. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DevProviders } from '@badged/dev-push';
import { call, type ServerProcess, startServer } from './server_process.js';

export interface ApnsDevice {
  readonly user: string;
  readonly device_id: string;
  readonly token: string;
}

export interface PushingServer {
  readonly dataDir: string;
  readonly providers: DevProviders;
  readonly app: string;
  readonly token: string;
  readonly adminToken: string;
  server: ServerProcess;
  /** Starts another process on the same data. */
  start(env?: NodeJS.ProcessEnv): Promise<void>;
  /** With the app's token, below its address. */
  inApp(method: string, path: string, body?: unknown): ReturnType<typeof call>;
  admin(method: string, path: string, body?: unknown): ReturnType<typeof call>;
  apnsDevice(user: string, id: string): Promise<string>;
  /** Up to 1,000, in one batch. */
  apnsDevices(devices: readonly ApnsDevice[]): Promise<void>;
  fcmDevice(user: string, id: string): Promise<string>;
  /** The endpoint of the subscription. */
  browser(user: string, id: string): Promise<string>;
  conversation(participants: readonly string[]): Promise<string>;
  badge(user: string): Promise<unknown>;
  close(): Promise<void>;
}

export async function pushingServer(
  env: NodeJS.ProcessEnv & { readonly BADGED_ADMIN_TOKEN?: string } = {},
): Promise<PushingServer> {
  const directory = mkdtempSync(join(tmpdir(), 'badged-push-'));
  const dataDir = join(directory, 'data');
  const adminToken = env.BADGED_ADMIN_TOKEN ?? 'an-admin-token-for-tests';
  const providers = await DevProviders.listen();
  const start = (more: NodeJS.ProcessEnv = {}) =>
    startServer(dataDir, {
      ...environment(providers),
      BADGED_ADMIN_TOKEN: adminToken,
      ...env,
      ...more,
    });
  const server = await start();
  const { json } = await call(server, adminToken, 'POST', '/admin/apps', { name: 'pushing' });
  const [app, token] = [String(json.id), String(json.token)];
  const pushing: PushingServer = {
    dataDir,
    providers,
    app,
    token,
    adminToken,
    server,
    async start(more) {
      this.server = await start(more);
    },
    inApp: (method, path, body) => call(pushing.server, token, method, `/apps/${app}${path}`, body),
    admin: (method, path, body) =>
      call(pushing.server, adminToken, method, `/admin/apps/${app}${path}`, body),
    async apnsDevice(user, device_id) {
      const address = randomBytes(32).toString('hex');
      const body = { device_id, type: 'apns', token: address, apns_bundle_id: 'com.example.chat' };
      await expectAccepted(this.inApp('POST', `/users/${user}/push_tokens`, body));
      return address;
    },
    async apnsDevices(devices) {
      const target = { type: 'apns', apns_bundle_id: 'com.example.chat' };
      const operation = 'register_push_token';
      const batch = devices.map(({ user: user_id, ...device }) => ({
        operation,
        user_id,
        ...target,
        ...device,
      }));
      const { json } = await this.inApp('POST', '/events', batch);
      const wrong = Object.values(json).filter((each) => Object(each).status !== 202);
      if (wrong.length > 0 || Object.keys(json).length !== devices.length)
        throw new Error(JSON.stringify(json));
    },
    async fcmDevice(user, device_id) {
      const address = randomBytes(40).toString('base64url');
      const body = { device_id, type: 'fcm', token: address };
      await expectAccepted(this.inApp('POST', `/users/${user}/push_tokens`, body));
      return address;
    },
    async browser(user, device_id) {
      const subscription = providers.webPush.subscribe(providers.vapidKeys.publicKey);
      const body = { device_id, type: 'webpush', subscription };
      await expectAccepted(this.inApp('POST', `/users/${user}/push_tokens`, body));
      return subscription.endpoint;
    },
    async conversation(participants) {
      const { json } = await this.inApp('POST', '/conversations', { participants });
      return String(json.id).replace('layer:///conversations/', '');
    },
    async badge(user) {
      return (await this.inApp('GET', `/users/${user}/badge`)).json.badge;
    },
    async close() {
      await pushing.server.kill();
      await providers.close();
      rmSync(directory, { recursive: true });
    },
  };
  await setAllCredentials(pushing);
  return pushing;
}

export function environment({ apns, apnsSandbox, fcm, webPush }: DevProviders): NodeJS.ProcessEnv {
  return {
    BADGED_PUSH_APNS_ORIGIN: apns.origin,
    BADGED_PUSH_APNS_SANDBOX_ORIGIN: apnsSandbox.origin,
    BADGED_PUSH_FCM_ORIGIN: fcm.origin,
    BADGED_PUSH_FCM_TOKEN_URL: fcm.tokenUrl,
    BADGED_PUSH_WEBPUSH_ORIGIN: webPush.origin,
  };
}

async function setAllCredentials({ admin, providers }: PushingServer): Promise<void> {
  const { apnsKey, fcm, vapidKeys } = providers;
  const apns = { key_id: apnsKey.keyId, team_id: apnsKey.teamId, private_key: apnsKey.privateKey };
  const keys = { public_key: vapidKeys.publicKey, private_key: vapidKeys.privateKey };
  const webPush = { subject: 'mailto:push@example.com', navigate: 'https://chat.example.com/', ...keys };
  for (const [platform, body] of Object.entries({ apns, fcm: fcm.serviceAccount, webpush: webPush })) {
    const { status, json } = await admin('PUT', `/push/${platform}`, body);
    if (status !== 200) throw new Error(JSON.stringify(json));
  }
}

async function expectAccepted(answer: ReturnType<typeof call>): Promise<void> {
  const { status, json } = await answer;
  if (status !== 202) throw new Error(JSON.stringify(json));
}
