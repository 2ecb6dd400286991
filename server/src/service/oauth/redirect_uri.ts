/**
 * Redirect URIs: which may be registered, and how an answer is put onto one. A request's URI must be one of the
 * registered ones character for character (RFC 9700, section 2.1), so nothing here compares loosely.
 */
import { refuseInvalid } from '../refused.js';

const property = 'redirect_uris';

export function checkRedirectUris(uris: readonly string[]): readonly string[] {
  if (uris.length > 20) refuseInvalid(property, `${property} may hold 20 addresses.`);
  for (const uri of uris) checkRedirectUri(uri);
  return [...new Set(uris)];
}

function checkRedirectUri(uri: string): void {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  const isPlain = url !== undefined && !uri.includes('#') && url.username === '' && url.password === '';
  if (isPlain && uri.length <= 1_000 && !/\s/.test(uri) && isAllowedScheme(url)) return;
  refuseInvalid(
    property,
    `${property} holds ${JSON.stringify(uri.slice(0, 200))}. It must be an https address without a fragment, ` +
      'http only on this machine itself (localhost, 127.0.0.1), or the private scheme of an installed app, ' +
      'such as com.example.app:/login.',
  );
}

function isAllowedScheme({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return true;
  if (protocol === 'http:') return /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  // RFC 8252, section 7.1: a reversed domain name. No scheme that a browser runs has a dot.
  return /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(protocol);
}

/** Undefined where it has none that a browser would send. */
export function originOf(uri: string): string | undefined {
  const { origin } = new URL(uri);
  return origin === 'null' ? undefined : origin;
}

export function withQuery(uri: string, parameters: Readonly<Record<string, string>>): string {
  const separator = uri.includes('?') ? '&' : '?';
  return `${uri}${separator}${new URLSearchParams(parameters)}`;
}

/** What stands in a fragment is encoded like a query, so no value can add a parameter of its own. */
export function withFragment(uri: string, parameters: Readonly<Record<string, string>>): string {
  return `${uri}#${new URLSearchParams(parameters)}`;
}
