/**
 * The two cookies of a login: which sign-in this browser began, and who signed in with it. No script reads them,
 * no other site's form sends them, and over TLS no other host sets them (RFC 6265bis, the __Host- prefix).
 */
import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lifetimes } from '../../service/oauth/lifetimes.js';

export interface CookieJar {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly isSecure: boolean;
}

/** One for each sign-in, so that two tabs do not disturb one another. */
export const signInCookie = (nonce: string) => ({ name: `badged_signin_${nonce}`, lifeMs: lifetimes.signIn });
/** One for each app: they know one another's users by nothing. */
export const sessionCookie = (app: string) => ({ name: `badged_session_${app}`, lifeMs: lifetimes.session });

type Cookie = ReturnType<typeof signInCookie>;

export function readCookie({ request, isSecure }: CookieJar, cookie: Cookie): string | undefined {
  return request.cookies[fullName(cookie, isSecure)];
}

export function setCookie({ reply, isSecure }: CookieJar, cookie: Cookie, value: string): void {
  reply.setCookie(fullName(cookie, isSecure), value, {
    ...attributes(isSecure),
    maxAge: cookie.lifeMs / 1_000,
  });
}

export function clearCookie({ reply, isSecure }: CookieJar, cookie: Cookie): void {
  reply.clearCookie(fullName(cookie, isSecure), attributes(isSecure));
}

function attributes(isSecure: boolean) {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: isSecure } as const;
}

function fullName({ name }: Cookie, isSecure: boolean): string {
  return isSecure ? `__Host-${name}` : name;
}
