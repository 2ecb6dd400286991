/** The session of the dashboard, in a cookie that only the server reads. */
const endpoint = '/admin/session';
const headers = { 'content-type': 'application/json', 'x-requested-with': 'badged' };

export interface Session {
  readonly version: string;
}

export class SignInError extends Error {
  override name = 'SignInError';
}

/** Null if no administrator is signed in. */
export async function readSession(): Promise<Session | null> {
  const response = await fetch(endpoint, { headers });
  if (response.status === 401) return null;
  if (!response.ok) throw new Error(`The server responded with ${response.status}.`);
  const body: unknown = await response.json();
  const version = typeof body === 'object' && body !== null ? Reflect.get(body, 'version') : undefined;
  return { version: typeof version === 'string' ? version : '' };
}

export async function signIn(secret: { readonly token: string } | { readonly code: string }): Promise<void> {
  const response = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(secret) });
  if (response.ok) return;
  if (response.status !== 401)
    throw new SignInError(`The server responded with ${response.status}. Try again.`);
  throw new SignInError(
    'code' in secret
      ? 'This link was already used, or has expired. Sign in with the admin token.'
      : 'This is not the admin token. The first start printed it; it begins with badged_admin_ unless you chose one.',
  );
}

export async function signOut(): Promise<void> {
  await fetch(endpoint, { method: 'DELETE', headers });
}

/** Reads the code of a sign-in link, and removes it from the URL and the history. */
export function takeCode(): string | undefined {
  const [, code] = /^#code=([\w.-]+)$/.exec(location.hash) ?? [];
  if (code !== undefined) history.replaceState(null, '', `${location.pathname}#/`);
  return code;
}
