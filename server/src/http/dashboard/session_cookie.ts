/**
 * The cookie of a dashboard session. Browsers attach it to every request, so it is accepted only in requests that pages
 * of this origin can make: with a header that pages of other origins cannot send (no preflight allows it), and with
 * no sign of another origin in the browser's headers (W3C Fetch Metadata; RFC 6454). SameSite is not enough: another
 * port of the same host is the same site.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type BegunSession,
  type DashboardSession,
  type DashboardSessions,
  sessionMs,
} from '../../service/dashboard_sessions.js';
import { baseOf } from '../foundation/base_url.js';
import { ApiError } from '../foundation/errors.js';

export interface CookieDeps {
  readonly sessions: DashboardSessions;
  readonly publicUrl: string | undefined;
}

/** Returns undefined without the cookie. Throws authentication_required if the cookie is not accepted. */
export async function sessionOf(
  request: FastifyRequest,
  { sessions, publicUrl }: CookieDeps,
): Promise<DashboardSession | undefined> {
  const text = readCookie(request.headers.cookie, cookieName(isSecure(request, publicUrl)));
  if (text === undefined) return undefined;
  if (request.headers['x-requested-with'] !== 'badged' || isForeign(request, publicUrl)) {
    refuse("The dashboard's cookie is accepted from its own pages only, with X-Requested-With: badged.");
  }
  return (await sessions.find(text)) ?? refuse('The session has ended. Sign in again.');
}

/** Whether the browser says that a page of another origin made the request. */
export function isForeign(request: FastifyRequest, publicUrl: string | undefined): boolean {
  const { 'sec-fetch-site': site, origin } = request.headers;
  // "none" is a URL that a user entered; such a request cannot have the required header.
  if (site !== undefined) return site !== 'same-origin';
  // Browsers omit Sec-Fetch-Site unless the URL is https or loopback, and Origin in a GET.
  if (origin === undefined) return false;
  const host = hostOf(origin);
  return host === undefined || !ownHosts(request, publicUrl).includes(host);
}

export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string | undefined,
  { text }: BegunSession,
): void {
  reply.header('set-cookie', cookie(text, sessionMs / 1_000, isSecure(request, publicUrl)));
}

export function clearSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  publicUrl: string | undefined,
): void {
  reply.header('set-cookie', cookie('', 0, isSecure(request, publicUrl)));
}

/** Over TLS with a name that no other host may set (RFC 6265bis, the __Host- prefix). */
function cookieName(isSecure: boolean): string {
  return isSecure ? '__Host-badged_dashboard' : 'badged_dashboard';
}

/** The value is a JWT or empty, and so needs no encoding. */
function cookie(value: string, maxAge: number, isSecure: boolean): string {
  const attributes = `Max-Age=${maxAge}; Path=/; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`;
  return `${cookieName(isSecure)}=${value}; ${attributes}`;
}

function readCookie(header: string | undefined, name: string): string | undefined {
  const pairs = header?.split(';').map((pair) => pair.trim()) ?? [];
  return pairs.find((pair) => pair.startsWith(`${name}=`))?.slice(name.length + 1);
}

function isSecure(request: FastifyRequest, publicUrl: string | undefined): boolean {
  return /^https:/i.test(baseOf(request, publicUrl));
}

function ownHosts(request: FastifyRequest, publicUrl: string | undefined): (string | undefined)[] {
  return [hostOf(baseOf(request, undefined)), ...(publicUrl === undefined ? [] : [hostOf(publicUrl)])];
}

/** The host and port of a URL. Undefined without one, such as for the origin "null" of a sandboxed frame. */
function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}

function refuse(message: string): never {
  throw new ApiError('authentication_required', message, { headers: { 'www-authenticate': 'Bearer' } });
}
