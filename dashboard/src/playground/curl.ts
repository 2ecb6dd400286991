/**
 * Formats an HTTP call as a curl command for a POSIX shell. The page's session is replaced by a token: $TOKEN, or
 * $ADMIN_TOKEN for paths under /admin.
 */

export interface SentCall {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
}

/**
 * Headers of the page and its session, which the call does not need. `If-None-Match` has the request id: with it, the
 * server would treat a pasted call as a duplicate.
 */
const omittedHeaders = new Set(['x-requested-with', 'accept', 'if-none-match', 'last-event-id']);

export function curl({ method, url, headers, body }: SentCall): string {
  const isStream = headers.some(([name, value]) => isAccept(name) && value === 'text/event-stream');
  const options = [
    `-H "Authorization: Bearer $${tokenFor(url)}"`,
    ...(isStream ? ["-H 'Accept: text/event-stream'"] : []),
    ...headers
      .filter(([name]) => !omittedHeaders.has(name.toLowerCase()))
      .map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`),
    // Not -d, to which a leading @ names a file.
    ...(body === undefined ? [] : [`--data-raw ${quote(body)}`]),
  ];
  const command = [
    'curl',
    // Prints each event at once.
    ...(isStream ? ['-N'] : []),
    // curl would treat brackets and braces in a URL as patterns.
    ...(/[[\]{}]/.test(url) ? ['-g'] : []),
    ...(method === 'GET' ? [] : [`-X ${quote(method)}`]),
    quote(url),
  ];
  return [command.join(' '), ...options].join(' \\\n  ');
}

/** Quotes a word for the shell. In single quotes, only the single quote is special. */
export function quote(text: string): string {
  return /^[A-Za-z]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

export function tokenFor(url: string): 'TOKEN' | 'ADMIN_TOKEN' {
  return new URL(url).pathname.startsWith('/admin/') ? 'ADMIN_TOKEN' : 'TOKEN';
}

function isAccept(name: string): boolean {
  return name.toLowerCase() === 'accept';
}
