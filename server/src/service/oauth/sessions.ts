/** Sessions of browsers: who signed in here a while ago, so that the next login needs no visit to the app. */
import Type from 'typebox';
import type { Service } from '../service.js';
import { kind } from './kept.js';
import { lifetimes } from './lifetimes.js';
import { newOpaque, parseOpaque } from './opaque.js';

const sessions = kind('oauth_session', Type.Object({ user: Type.String() }));

/** Answers what the browser keeps. A new one each time, so that nobody can prepare one for somebody else. */
export async function beginSession(service: Service, app: string, user: string): Promise<string> {
  const { id, text } = newOpaque('session', app);
  await sessions.insert(service, app, { id, value: { user }, expiresAt: service.now() + lifetimes.session });
  return text;
}

export async function sessionUser(
  service: Service,
  app: string,
  text: string | undefined,
): Promise<string | undefined> {
  const parsed = text === undefined ? undefined : parseOpaque('session', text);
  return parsed?.app === app ? (await sessions.get(service, app, parsed.id))?.value.user : undefined;
}

export async function endSession(service: Service, text: string | undefined): Promise<void> {
  const parsed = text === undefined ? undefined : parseOpaque('session', text);
  if (parsed !== undefined) await sessions.take(service, parsed.app, parsed.id);
}
