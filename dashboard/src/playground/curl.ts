/**
 * An HTTP call as a line for a POSIX shell: what curl is given is what was sent, but for who asks. A page asks with
 * its session; whoever pastes the line asks with a token, in $TOKEN or, below /admin, in $ADMIN_TOKEN.
 */

export interface SentCall {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
}

/**
 * What belongs to the page and not to the call: its session's header, what every client sends, and the request id, with
 * which a pasted call would be taken for a repeat of the one that was made here, and change nothing.
 */
const leftOut = new Set(['x-requested-with', 'accept', 'if-none-match', 'last-event-id']);

export function curl({ method, url, headers, body }: SentCall): string {
  const isStream = headers.some(([name, value]) => isAccept(name) && value === 'text/event-stream');
  const options = [
    `-H "Authorization: Bearer $${tokenFor(url)}"`,
    ...(isStream ? ["-H 'Accept: text/event-stream'"] : []),
    ...headers
      .filter(([name]) => !leftOut.has(name.toLowerCase()))
      .map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    // Not -d, to which a leading @ names a file.
    ...(body === undefined ? [] : [`--data-raw ${quote(body)}`]),
  ];
  const command = [
    'curl',
    // Each event as it comes.
    ...(isStream ? ['-N'] : []),
    // In an address, brackets and braces would be patterns to curl.
    ...(/[[\]{}]/.test(url) ? ['-g'] : []),
    ...(method === 'GET' ? [] : [`-X ${quote(method)}`]),
    quote(url),
  ];
  return [command.join(' '), ...options].join(' \\\n  ');
}

/** A word that the shell takes as it is: inside single quotes nothing has a meaning but the single quote. */
export function quote(text: string): string {
  return /^[A-Za-z]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export function tokenFor(url: string): 'TOKEN' | 'ADMIN_TOKEN' {
  return new URL(url).pathname.startsWith('/admin/') ? 'ADMIN_TOKEN' : 'TOKEN';
}

function isAccept(name: string): boolean {
  return name.toLowerCase() === 'accept';
}
