/** Whether a phone can use a URL of the server, with advice. Pure. */

export interface Reachability {
  readonly kind: 'phone' | 'this_computer' | 'insecure' | 'malformed';
  readonly advice: string;
}

export function reachabilityOf(address: string): Reachability {
  if (!/^https?:\/\/[^/?#]+\/*$/i.test(address) || !URL.canParse(address))
    return {
      kind: 'malformed',
      advice: 'Enter a URL without a path, such as https://badges.example.com.',
    };
  const { protocol, hostname } = new URL(address);
  if (isLoopback(hostname))
    return {
      kind: 'this_computer',
      advice:
        'This URL works on this computer only: open the link in another window here. For a phone, put a tunnel or an https proxy in front of the server, start it with --public-url, and enter that URL here.',
    };
  if (protocol === 'http:')
    return {
      kind: 'insecure',
      advice:
        'Browsers allow notifications over https only. Put a tunnel or a proxy in front of the server, and start it with --public-url.',
    };
  return { kind: 'phone', advice: 'The phone must be able to reach this URL, and trust its certificate.' };
}

function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
