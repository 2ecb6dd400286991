/** The text that dev-push prints: how to start the server, and calls that work as printed once the variables are set. */
import { randomBytes } from 'node:crypto';
import type { DevProviders } from '@badged/dev-push';
import { command } from './options.js';

interface Target {
  readonly url: string;
  readonly app: string;
  readonly user: string;
}

export function devPushText(providers: DevProviders, target: Target): string {
  const { apns, apnsSandbox, apnsKey, fcm, webPush, vapidKeys } = providers;
  const { url, app, user } = target;
  const admin = (platform: string, body: object) =>
    curl('PUT', `${url}/admin/apps/${app}/push/${platform}`, '$ADMIN', body);
  const device = (body: object) =>
    curl('POST', `${url}/apps/${app}/users/${encodeURIComponent(user)}/push_tokens`, '$TOKEN', body);
  const { type: _, ...account } = fcm.serviceAccount;
  return `
Start the server so that it pushes here:

BADGED_PUSH_APNS_ORIGIN=${apns.origin} \\
BADGED_PUSH_APNS_SANDBOX_ORIGIN=${apnsSandbox.origin} \\
BADGED_PUSH_FCM_ORIGIN=${fcm.origin} \\
BADGED_PUSH_FCM_TOKEN_URL=${fcm.tokenUrl} \\
BADGED_PUSH_WEBPUSH_ORIGIN=${webPush.origin} \\
${command} serve

Set $APP to the id of an app, $TOKEN to its token and $ADMIN to the admin token. Set the app's credentials:

${admin('apns', { key_id: apnsKey.keyId, team_id: apnsKey.teamId, private_key: apnsKey.privateKey })}

${admin('fcm', account)}

${admin('webpush', {
  subject: 'mailto:you@example.com',
  navigate: 'http://localhost:3000/',
  public_key: vapidKeys.publicKey,
  private_key: vapidKeys.privateKey,
})}

Register a device of ${user} on each platform:

${device({
  device_id: 'phone',
  type: 'apns',
  token: randomBytes(32).toString('hex'),
  apns_bundle_id: 'com.example.chat',
})}

${device({ device_id: 'android', type: 'fcm', token: randomBytes(40).toString('base64url') })}

${device({ device_id: 'browser', type: 'webpush', subscription: webPush.subscribe(vapidKeys.publicKey) })}

Push to all of them:

${curl('POST', `${url}/apps/${app}/notifications`, '$TOKEN', {
  recipients: [user],
  notification: { title: 'Hello', text: 'from badged' },
})}
`;
}

/** Double quotes let the shell expand variables; the JSON is in single quotes, and its own are escaped. */
function curl(method: string, url: string, token: string, body: object): string {
  const json = JSON.stringify(body).replaceAll("'", "'\\''");
  return `curl -X ${method} "${url}" \\
  -H "Authorization: Bearer ${token}" \\
  -H 'Content-Type: application/json' \\
  -d '${json}'`;
}
