/**
 * A login that leaves the page and comes back to it: the redirect to the authorization endpoint, and the reply in the
 * page's URL on return. The pending login is stored in the tab's sessionStorage. A reply is accepted only with the
 * unguessable value that this tab sent, so that no user can be given another user's token (RFC 6749, section 10.12).
 */
import { webStorage } from './auth_data.js';
import { randomText } from './pkce.js';

export interface LoginOptions {
  /** Returned with the login, unchanged. It does not leave the browser. */
  readonly state?: string;
  readonly org?: string;
  readonly provider?: string;
  readonly target?: string;
  readonly login_hint?: string;
  readonly prompt?: string;
}

export type ResponseType = 'token' | 'code';

export interface LoginReply {
  readonly parameters: URLSearchParams;
  readonly state: string | undefined;
  readonly codeVerifier: string | undefined;
}

interface PendingLogin {
  readonly responseType: ResponseType;
  readonly nonce: string;
  readonly state?: string;
  readonly codeVerifier?: string;
}

const REPLY_PARAMETERS = [
  'access_token',
  'code',
  'error',
  'error_description',
  'error_uri',
  'expires_in',
  'iss',
  'scope',
  'state',
  'token_type',
];
const PASSED_ON = ['org', 'provider', 'target', 'login_hint', 'prompt'] as const;

export function requireBrowser(method: string): void {
  if (typeof window === 'undefined' || window.location === undefined) {
    throw new Error(`${method} needs a browser: it redirects the user to a login page`);
  }
}

/** Leaves the page. The promise stays pending: the program ends here, and starts again on return. */
export function leaveForLogin(
  authorizeUrl: string,
  responseType: ResponseType,
  query: Readonly<Record<string, string>>,
  options: LoginOptions,
  prefix: string,
  codeVerifier?: string,
): Promise<never> {
  const nonce = randomText(32);
  const pending: PendingLogin = {
    responseType,
    nonce,
    ...(options.state === undefined ? {} : { state: options.state }),
    ...(codeVerifier === undefined ? {} : { codeVerifier }),
  };
  const storage = webStorage('sessionStorage');
  if (storage === undefined)
    throw new Error('A login by redirect needs sessionStorage, which this page cannot use');
  storage.setItem(keyOf(prefix), JSON.stringify(pending));
  const parameters = new URLSearchParams({ ...query, response_type: responseType, state: nonce });
  for (const name of PASSED_ON) {
    const value = options[name];
    if (value) parameters.set(name, value);
  }
  window.location.replace(`${authorizeUrl}?${parameters}`);
  return new Promise(() => {});
}

/**
 * Takes the reply out of the page's URL. Undefined if there is none.
 *
 * @throws LoginError if the login failed, or was not started by this tab
 */
export function takeReply(responseType: ResponseType, prefix: string): LoginReply | undefined {
  const inFragment = responseType === 'token';
  const part = inFragment ? window.location.hash : window.location.search;
  const parameters = new URLSearchParams(part.slice(1));
  const pending = readPending(prefix);
  if (!isReply(parameters, responseType, pending !== undefined)) return undefined;
  webStorage('sessionStorage')?.removeItem(keyOf(prefix));
  removeFromUrl(inFragment);
  const error = parameters.get('error');
  if (error !== null) throw new LoginError(error, parameters.get('error_description'));
  if (pending?.responseType !== responseType || parameters.get('state') !== pending.nonce) {
    throw new LoginError('invalid_state', 'This login was not started by this page, so its reply is ignored');
  }
  return { parameters, state: pending.state, codeVerifier: pending.codeVerifier };
}

/** The authorization endpoint refused, or the reply is not for this tab. */
export class LoginError extends Error {
  override readonly name = 'LoginError';
  readonly error: string;
  readonly error_description: string | null;

  constructor(error: string, description: string | null) {
    super(description ? `[${error}] ${description}` : `[${error}]`);
    this.error = error;
    this.error_description = description;
  }
}

/** A page may have a `code` or an `error` of its own in its URL; a reply has a state too, or a login is pending. */
function isReply(parameters: URLSearchParams, responseType: ResponseType, waiting: boolean): boolean {
  if (parameters.has('error')) return waiting || parameters.has('state');
  if (responseType === 'token') return parameters.has('access_token');
  return parameters.has('code') && parameters.has('state');
}

/** A token in the page's URL would end up in the history, in bookmarks and in referrers. */
function removeFromUrl(inFragment: boolean): void {
  const url = new URL(window.location.href);
  if (inFragment) url.hash = '';
  else for (const name of REPLY_PARAMETERS) url.searchParams.delete(name);
  window.history.replaceState(window.history.state, '', url);
}

function readPending(prefix: string): PendingLogin | undefined {
  try {
    const stored: Partial<Record<keyof PendingLogin, unknown>> | null = JSON.parse(
      webStorage('sessionStorage')?.getItem(keyOf(prefix)) ?? 'null',
    );
    if (typeof stored?.nonce !== 'string') return undefined;
    if (stored.responseType !== 'token' && stored.responseType !== 'code') return undefined;
    return {
      responseType: stored.responseType,
      nonce: stored.nonce,
      ...(typeof stored.state === 'string' ? { state: stored.state } : {}),
      ...(typeof stored.codeVerifier === 'string' ? { codeVerifier: stored.codeVerifier } : {}),
    };
  } catch {
    return undefined;
  }
}

function keyOf(prefix: string): string {
  return `${prefix}_pending_login`;
}
