/** What a start prints: where the dashboard is; and the first one the tokens, once, and two calls that work as they stand. */
import type { Running } from '../compose.js';
import type { FirstStart } from '../first_start.js';

export function describeFirstStart(
  { adminToken, app, token, conversation }: FirstStart,
  url: string,
): string {
  const admin = adminToken === undefined ? '' : `\nAdmin token (shown once, keep it):  ${adminToken}`;
  return `
This is the first start on this data directory. An app called "demo" was made for you.
${admin}
Demo app:                           ${app}
Demo app's token (shown once):      ${token}

For the examples of the documentation, to paste:

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

/**
 * With the link that signs in, where somebody looks at it. Later starts may write to where everything is kept and
 * read by others; what a first start writes has the admin token in it anyway.
 */
export function describeDashboard(
  { firstStart, dashboardUrl, signInUrl }: Pick<Running, 'firstStart' | 'dashboardUrl' | 'signInUrl'>,
  isTerminal: boolean,
): string {
  return firstStart !== undefined || isTerminal
    ? `dashboard at ${signInUrl()} (signs you in once, within 15 minutes)`
    : `dashboard at ${dashboardUrl} (sign in with the admin token)`;
}
