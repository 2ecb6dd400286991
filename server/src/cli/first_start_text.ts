/** The text that a start prints: the dashboard's URL; at the first start also the tokens, and two calls that work as printed. */
import type { Running } from '../compose.js';
import type { FirstStart } from '../first_start.js';

export function describeFirstStart({ adminToken, demo }: FirstStart, url: string): string {
  if (demo === undefined) return adminToken === undefined ? '' : `\n${adminTokenLine(adminToken)}\n`;
  const { app, token, conversation } = demo;
  return `
This is the first start on this data directory. The app "demo" was created.
${adminToken === undefined ? '' : `\n${adminTokenLine(adminToken)}`}
Demo app:                           ${app}
Demo app's token (shown only once): ${token}

Paste this before you run the examples of the documentation:

export URL=${url} APP=${app} TOKEN=${token}${adminToken === undefined ? '' : ` ADMIN=${adminToken}`}

Send a message from alice to bob:

curl -X POST ${url}/apps/${app}/conversations/${conversation}/messages \\
  -H 'Authorization: Bearer ${token}' \\
  -H 'Content-Type: application/json' \\
  -d '{"sender": {"user_id": "alice"}, "parts": [{"body": "Hi Bob", "mime_type": "text/plain"}]}'

Read bob's badge:

curl ${url}/apps/${app}/users/bob/badge \\
  -H 'Authorization: Bearer ${token}'
`;
}

function adminTokenLine(token: string): string {
  return `Admin token (shown only once):      ${token}`;
}

/**
 * The dashboard's URL; on a terminal and at the first start, with a link that signs in. Later starts may write to a
 * log that others read. The first start prints the admin token anyway.
 */
export function describeDashboard(
  { firstStart, dashboardUrl, signInUrl }: Pick<Running, 'firstStart' | 'dashboardUrl' | 'signInUrl'>,
  isTerminal: boolean,
): string {
  return firstStart !== undefined || isTerminal
    ? `dashboard at ${signInUrl()} (signs you in once, within 15 minutes)`
    : `dashboard at ${dashboardUrl} (sign in with the admin token)`;
}
