/**
 * The two cookies of a login: the sign-in that this browser started, and its session. Scripts cannot read them, other
 * sites' forms do not send them, and over TLS no other host can set them (the __Host- prefix of RFC 6265bis).
 */
import type {} from '@fastify/cookie';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { lifetimes } from '../../service/oauth/lifetimes.js';

export interface CookieJar {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly isSecure: boolean;
}

/** One for each sign-in, so that two tabs can sign in at once. */
export const signInCookie = (nonce: string) => ({
  name: `badged_signin_${nonce}`,
  lifetimeMs: lifetimes.signIn,
});
/** One for each app: apps do not share users. */
export const sessionCookie = (app: string) => ({
  name: `badged_session_${app}`,
  lifetimeMs: lifetimes.session,
});

type Cookie = ReturnType<typeof signInCookie>;

export function readCookie({ request, isSecure }: CookieJar, cookie: Cookie): string | undefined {
  return request.cookies[fullName(cookie, isSecure)];
}

export function setCookie({ reply, isSecure }: CookieJar, cookie: Cookie, value: string): void {
  reply.setCookie(fullName(cookie, isSecure), value, {
    ...attributes(isSecure),
    maxAge: cookie.lifetimeMs / 1_000,
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
