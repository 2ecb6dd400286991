/** The session of the dashboard: who is signed in is the server's to know, in a cookie. */
const endpoint = '/admin/session';
const headers = { 'content-type': 'application/json', 'x-requested-with': 'badged' };

export interface Session {
  readonly version: string;
}

export class SignInError extends Error {
  override name = 'SignInError';
}

/** Null: nobody is signed in. */
export async function readSession(): Promise<Session | null> {
  const answer = await fetch(endpoint, { headers });
  if (answer.status === 401) return null;
  if (!answer.ok) throw new Error(`The server answered ${answer.status}.`);
  const body: unknown = await answer.json();
  const version = typeof body === 'object' && body !== null ? Reflect.get(body, 'version') : undefined;
  return { version: typeof version === 'string' ? version : '' };
}

export async function signIn(secret: { readonly token: string } | { readonly code: string }): Promise<void> {
  const answer = await fetch(endpoint, { method: 'POST', headers, body: JSON.stringify(secret) });
  if (answer.ok) return;
  if (answer.status !== 401) throw new SignInError(`The server answered ${answer.status}. Try again.`);
  throw new SignInError(
    'code' in secret
      ? 'This link was used already, or is too old. Sign in with the admin token.'
      : 'This is not the admin token. The first start printed it; it begins with badged_admin_ unless you chose one.',
  );
}

export async function signOut(): Promise<void> {
  await fetch(endpoint, { method: 'DELETE', headers });
}

/** The code of a sign-in link, once: it leaves the address, and with it the history. */
export function takeCode(): string | undefined {
  const [, code] = /^#code=([\w.-]+)$/.exec(location.hash) ?? [];
  if (code !== undefined) history.replaceState(null, '', `${location.pathname}#/`);
  return code;
}
