/**
 * Checks the redirect URIs of a client, and adds parameters to them. A request's URI must match a registered one
 * exactly (RFC 9700, section 2.1).
 */
import { refuseInvalid } from '../refused.js';

const property = 'redirect_uris';

export function checkRedirectUris(uris: readonly string[]): readonly string[] {
  if (uris.length > 20) refuseInvalid(property, `${property} may have 20 URLs.`);
  for (const uri of uris) checkRedirectUri(uri);
  return [...new Set(uris)];
}

function checkRedirectUri(uri: string): void {
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  const isPlain = url !== undefined && !uri.includes('#') && url.username === '' && url.password === '';
  if (isPlain && uri.length <= 1_000 && !/\s/.test(uri) && isAllowedScheme(url)) return;
  refuseInvalid(
    property,
    `${property} has ${JSON.stringify(uri.slice(0, 200))}. It must be an https URL without a fragment, an http URL ` +
      'on localhost or 127.0.0.1, or a URL with the private scheme of an installed app, such as ' +
      'com.example.app:/login.',
  );
}

function isAllowedScheme({ protocol, hostname }: URL): boolean {
  if (protocol === 'https:') return true;
  if (protocol === 'http:') return /^((.+\.)?localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
  // RFC 8252, section 7.1: a reversed domain name. No scheme that browsers execute has a dot.
  return /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(protocol);
}

/** Undefined for a private scheme: browsers send no origin for it. */
export function originOf(uri: string): string | undefined {
  const { origin } = new URL(uri);
  return origin === 'null' ? undefined : origin;
}

export function withQuery(uri: string, parameters: Readonly<Record<string, string>>): string {
  const separator = uri.includes('?') ? '&' : '?';
  return `${uri}${separator}${new URLSearchParams(parameters)}`;
}

/** The values are encoded as in a query, so none can add a parameter. */
export function withFragment(uri: string, parameters: Readonly<Record<string, string>>): string {
  return `${uri}#${new URLSearchParams(parameters)}`;
}
