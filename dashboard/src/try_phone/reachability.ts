/** Whether a phone can do with an address what it is meant to do, in words. Pure. */

export interface Reachability {
  readonly kind: 'phone' | 'this_computer' | 'insecure' | 'malformed';
  readonly advice: string;
}

export function reachabilityOf(address: string): Reachability {
  if (!/^https?:\/\/[^/?#]+\/*$/i.test(address) || !URL.canParse(address))
    return {
      kind: 'malformed',
      advice: 'Write it as https://badges.example.com: where the phone finds this server, without a path.',
    };
  const { protocol, hostname } = new URL(address);
  if (isLoopback(hostname))
    return {
      kind: 'this_computer',
      advice:
        'This address works on this computer only: open the link here, in another window. For a phone, put a tunnel or a proxy with https in front of the server, start it with --public-url, and write that address here.',
    };
  if (protocol === 'http:')
    return {
      kind: 'insecure',
      advice:
        'The page opens at this address, but browsers allow no notifications there: they ask for https. Put a tunnel or a proxy in front of the server, and start it with --public-url.',
    };
  return { kind: 'phone', advice: 'The phone has to reach this address, and trust its certificate.' };
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
