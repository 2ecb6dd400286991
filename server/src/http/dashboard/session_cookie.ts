/**
 * The cookie of a dashboard session, and when it counts. Browsers attach it to whatever is sent here, so it
 * counts only for requests that this origin's own pages alone can make: with a header that another origin's page
 * may not send (no preflight for it is ever granted), from nowhere else as far as the browser says (W3C Fetch
 * Metadata; RFC 6454). SameSite alone would not do: another port of the same host is the same site.
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

/** Undefined where the request carries no such cookie. Throws where it does and the cookie does not count. */
export async function sessionOf(
  request: FastifyRequest,
  { sessions, publicUrl }: CookieDeps,
): Promise<DashboardSession | undefined> {
  const text = readCookie(request.headers.cookie, cookieName(isSecure(request, publicUrl)));
  if (text === undefined) return undefined;
  if (request.headers['x-requested-with'] !== 'badged' || isForeign(request, publicUrl)) {
    refuse("The dashboard's cookie counts in its own pages only, with X-Requested-With: badged.");
  }
  return (await sessions.find(text)) ?? refuse('The session is over. Sign in again.');
}

/** Whether the browser says that a page of another origin made the request. */
export function isForeign(request: FastifyRequest, publicUrl: string | undefined): boolean {
  const { 'sec-fetch-site': site, origin } = request.headers;
  // "none" is what somebody entered in the address bar, and that cannot have the header that is asked for.
  if (site !== undefined) return site !== 'same-origin';
  // Browsers leave the first out where the address is neither https nor loopback, and the second with GET.
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

/** The value is a JWT or nothing, which a cookie can hold as it is. */
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

/** As an origin has it. Undefined for what has none, such as the origin "null" of a sandboxed frame. */
function hostOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).host : undefined;
}

function refuse(message: string): never {
  throw new ApiError('authentication_required', message, { headers: { 'www-authenticate': 'Bearer' } });
}
