/** Browser sessions: a user who signed in lately need not visit the app's login page again. */
import Type from 'typebox';
import type { Service } from '../service.js';
import { lifetimes } from './lifetimes.js';
import { newOpaqueToken, parseOpaqueToken } from './opaque_token.js';
import { collection } from './record_collection.js';

const sessions = collection('oauth_session', Type.Object({ user: Type.String() }));

/** Returns the value of the session cookie. Each login gets a new one, against session fixation. */
export async function startSession(service: Service, app: string, user: string): Promise<string> {
  const { id, text } = newOpaqueToken('session', app);
  await sessions.insert(service, app, { id, value: { user }, expiresAt: service.now() + lifetimes.session });
  return text;
}

export async function sessionUser(
  service: Service,
  app: string,
  text: string | undefined,
): Promise<string | undefined> {
  const parsed = text === undefined ? undefined : parseOpaqueToken('session', text);
  return parsed?.app === app ? (await sessions.get(service, app, parsed.id))?.value.user : undefined;
}

export async function endSession(service: Service, text: string | undefined): Promise<void> {
  const parsed = text === undefined ? undefined : parseOpaqueToken('session', text);
  if (parsed !== undefined) await sessions.take(service, parsed.app, parsed.id);
}
