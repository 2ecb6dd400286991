/**
 * Guards against server-side request forgery: a Web Push endpoint is a URL that a user gives us to call. Only
 * https on the standard port of an allowed push service is called, and no connection is opened to an IP address of a
 * private network, whatever a name resolves to. This file decides; it opens no connection itself.
 */
import { type LookupAddress, lookup as systemLookup } from 'node:dns';
import { BlockList, isIPv4, isIPv6, type LookupFunction } from 'node:net';

/** Browsers' push services. A host is allowed if it is one of these or a subdomain of one. */
export const knownPushHosts: readonly string[] = [
  'fcm.googleapis.com',
  'android.googleapis.com',
  'push.services.mozilla.com',
  'push.apple.com',
  'notify.windows.com',
];

export interface EndpointPolicy {
  readonly hosts: readonly string[];
  /**
   * The origin (`http://127.0.0.1:8025`) of a push service on this machine, which is exempt from every rule
   * here. For tests and for trying things out; never to be set where users register their own endpoints.
   */
  readonly localOrigin?: string;
}

export type Guarded = { readonly url: URL; readonly local: boolean } | { readonly refusal: string };

const longestEndpoint = 2048;

export function guardEndpoint(endpoint: string, policy: EndpointPolicy): Guarded {
  if (endpoint.length > longestEndpoint) return { refusal: 'the endpoint is too long' };
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined;
  if (url === undefined) return { refusal: 'the endpoint is not a URL' };
  if (url.username !== '' || url.password !== '')
    return { refusal: 'the endpoint holds a user name or password' };
  if (policy.localOrigin !== undefined && url.origin === policy.localOrigin) return { url, local: true };
  if (url.protocol !== 'https:') return { refusal: 'the endpoint is not https' };
  if (url.port !== '') return { refusal: 'the endpoint is not on the standard port' };
  // A socket resolves no name for an IP address, so the check of resolved names would not run.
  if (isAddress(url.hostname)) return { refusal: 'the endpoint names an address instead of a host' };
  if (!isKnown(url.hostname, policy.hosts)) return { refusal: 'the endpoint is not on a known push service' };
  return { url, local: false };
}

/** The URL parser has already turned every spelling of an IPv4 address, like 0x7f.1, into the dotted one. */
function isAddress(hostname: string): boolean {
  return hostname.startsWith('[') || isIPv4(hostname);
}

/** Of parsed host names only: a pattern over the URL could be met by its path, query or user name. */
function isKnown(hostname: string, hosts: readonly string[]): boolean {
  return hosts.some((host) => hostname === host || hostname.endsWith(`.${host}`));
}

/**
 * Name resolution for connections to push services. It fails if any IP address of the name is in a private network,
 * and since the socket connects to what is returned here, a name cannot resolve differently a moment later.
 */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  systemLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '');
    const inside = addresses.find(({ address }) => !isPublicAddress(address));
    const first = addresses[0];
    if (inside !== undefined || first === undefined) return callback(privateAddress(hostname), '');
    if (options.all) answerAll(callback, addresses);
    else callback(null, first.address, first.family);
  });
};

function answerAll(callback: Parameters<LookupFunction>[2], addresses: LookupAddress[]): void {
  callback(null, addresses);
}

function privateAddress(hostname: string): NodeJS.ErrnoException {
  const error = new Error(`${hostname} has no address, or one inside a network`);
  return Object.assign(error, { code: 'EPRIVATEADDRESS' });
}

/** Everything that the IANA special-purpose registries (RFC 6890) do not call globally reachable. */
const reserved = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
] as const) {
  reserved.addSubnet(network, prefix, 'ipv4');
}

/** In IPv6 the other way round: global unicast is one block, and out of it come the tunnels and test networks. */
const globalUnicast = new BlockList();
globalUnicast.addSubnet('2000::', 3, 'ipv6');
for (const [network, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const) {
  reserved.addSubnet(network, prefix, 'ipv6');
}

/** Mapped IPv4 and NAT64 lie outside the global unicast block, and so are refused whatever they embed. */
export function isPublicAddress(address: string): boolean {
  if (!isIPv6(address)) return !reserved.check(address, 'ipv4');
  return globalUnicast.check(address, 'ipv6') && !reserved.check(address, 'ipv6');
}
