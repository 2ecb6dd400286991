/** The client: a method for each operation of the API, and the live stream of a badge. Retries are in retry.ts. */
import { pause } from '../sse/waiting.js';
import { BadgedError, errorOf } from './errors.js';
import { type Api, operations } from './operations.js';
import { type CallOptions, type Operation, type PreparedRequest, prepare } from './request.js';
import { isGone, isUncertain, waitAfter } from './retry.js';
import { type BadgeSnapshot, badgeSnapshots, type StreamBadgeInput } from './stream.js';

export interface ClientOptions {
  /** The URL of the service, such as https://badges.example.com. In a page, "" is the host of the page. */
  readonly url: string;
  /** A token, or a function that returns one. The function is called before each attempt. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** Called in place of the global fetch. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Sent with every request. */
  readonly headers?: HeadersInit | undefined;
  /** How often a failed call is tried again, if it cannot take effect twice. Default: 2, which makes 3 attempts. */
  readonly retries?: number | undefined;
  /** How long one attempt may take until its response is complete, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number | undefined;
}

export interface Client extends Api {
  /**
   * The badge now, and again after each change. A connection that ends is opened again.
   * @throws BadgedError if the service refuses the stream.
   * @example for await (const { badge } of client.streamBadge({ app_uuid, user_id: 'bob' })) show(badge);
   */
  streamBadge(input: StreamBadgeInput): AsyncGenerator<BadgeSnapshot, void, undefined>;
}

const RETRIES = 2;
const TIMEOUT_MS = 30_000;

/**
 * Makes a client of one service. It sends nothing until a method is called.
 * @example const client = createClient({ url: 'https://badges.example.com', token });
 */
export function createClient(options: ClientOptions): Client {
  const methods = Object.entries(operations).map(([name, operation]) => [
    name,
    (input: object = {}, call: CallOptions = {}) => callWithRetries(options, operation, input, call),
  ]);
  const client: Client = {
    // The table has a row for each method of Api. Both come from the same document.
    ...(Object.fromEntries(methods) as Api),
    streamBadge(input) {
      const { app_uuid, user_id, conversations } = input;
      const { target } = prepare(operations.getBadge, { app_uuid, user_id, conversations }, undefined);
      const { fetch = globalThis.fetch } = options;
      const deps = { url: urlOf(options, target), headers: () => headersOf(options), fetch };
      return badgeSnapshots(deps, input);
    },
  };
  return client;
}

async function callWithRetries(
  options: ClientOptions,
  operation: Operation,
  input: object,
  call: CallOptions,
): Promise<unknown> {
  const { signal, retries = options.retries ?? RETRIES } = call;
  const prepared = prepare(operation, input, call.requestId);
  let mayHaveTakenEffect = false;
  for (let failures = 0; ; failures++) {
    signal?.throwIfAborted();
    try {
      return await attempt(options, prepared, call);
    } catch (error) {
      if (mayHaveTakenEffect && isGone(error, operation)) return undefined;
      const waitMs = failures < retries ? waitAfter(error, operation, failures) : undefined;
      if (waitMs === undefined) throw error;
      mayHaveTakenEffect ||= isUncertain(error);
      await pause(waitMs, signal);
    }
  }
}

async function attempt(
  options: ClientOptions,
  prepared: PreparedRequest,
  call: CallOptions,
): Promise<unknown> {
  const { status, ok, headers, text } = await exchange(options, prepared, call);
  call.onResponse?.(status, headers);
  if (ok && text === '') return undefined;
  const body = parsed(text);
  if (ok && body !== undefined) return body;
  throw errorOf(status, headers, body);
}

interface Exchanged {
  readonly status: number;
  readonly ok: boolean;
  readonly headers: Headers;
  readonly text: string;
}

async function exchange(
  options: ClientOptions,
  prepared: PreparedRequest,
  call: CallOptions,
): Promise<Exchanged> {
  const { method, target, body = null } = prepared;
  const { signal, timeoutMs = options.timeoutMs ?? TIMEOUT_MS } = call;
  const { fetch = globalThis.fetch } = options;
  const headers = await headersOf(options, call.headers);
  // The call may have been aborted while the token was fetched.
  signal?.throwIfAborted();
  headers.set('accept', 'application/json');
  if (body !== null) headers.set('content-type', 'application/json');
  if (prepared.requestId !== undefined) headers.set('if-none-match', prepared.requestId);
  const controller = new AbortController();
  const abort = () => controller.abort();
  const timer = setTimeout(abort, timeoutMs);
  signal?.addEventListener('abort', abort);
  try {
    const init = { method, headers, body, signal: controller.signal };
    const response = await fetch(urlOf(options, target), init);
    const { status, ok } = response;
    return { status, ok, headers: response.headers, text: await response.text() };
  } catch (cause) {
    signal?.throwIfAborted();
    throw controller.signal.aborted
      ? new BadgedError('timeout', `No response arrived within ${timeoutMs} milliseconds.`, { cause })
      : new BadgedError('connection_failed', 'The connection closed before a response arrived.', { cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function urlOf({ url }: ClientOptions, target: string): string {
  return url.replace(/\/+$/, '') + target;
}

async function headersOf({ token, headers }: ClientOptions, more?: HeadersInit): Promise<Headers> {
  const sent = new Headers(headers);
  const text = typeof token === 'function' ? await token() : token;
  if (text !== undefined) sent.set('authorization', `Bearer ${text}`);
  new Headers(more).forEach((value, name) => {
    sent.set(name, value);
  });
  return sent;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
