/** The client: a method for each operation of the API, and the live stream of a badge. */
import { pause } from '../sse/waiting.js';
import { BadgedError, errorOf } from './errors.js';
import { type Api, operations } from './operations.js';
import { type CallOptions, type Operation, type Prepared, prepare } from './request.js';
import { isGone, isUncertain, waitAfter } from './retry.js';
import { type BadgeSnapshot, badgeSnapshots, type StreamBadgeInput } from './stream.js';

export interface ClientOptions {
  /** Where the service is, such as https://badges.example.com. A page that the service serves itself may write "". */
  readonly url: string;
  /** A token, or what gives one: it is asked before each request, so that a token can be a new one. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
  /** Instead of the global fetch. */
  readonly fetch?: typeof globalThis.fetch | undefined;
  /** Sent with every request. */
  readonly headers?: HeadersInit | undefined;
  /** How often a call that failed is made again, where that cannot do anything twice. Default: 2, so 3 attempts. */
  readonly retries?: number | undefined;
  /** How long an attempt may take until its answer is complete. Default: 30 seconds. */
  readonly timeoutMs?: number | undefined;
}

export interface Client extends Api {
  /**
   * The badge now, and again after each change, over connections that are renewed as often as needed. It throws a
   * BadgedError where the service refuses the stream.
   */
  streamBadge(input: StreamBadgeInput): AsyncGenerator<BadgeSnapshot, void, undefined>;
}

const RETRIES = 2;
const TIMEOUT_MS = 30_000;

export function createClient(options: ClientOptions): Client {
  const methods = Object.entries(operations).map(([name, operation]) => [
    name,
    (input: object = {}, call: CallOptions = {}) => callWithRetries(options, operation, input, call),
  ]);
  const client: Client = {
    // The table has a row for each method of Api, whose types come from the same schemas as the rows.
    ...(Object.fromEntries(methods) as Api),
    streamBadge(input) {
      const { app_uuid, user_id, conversations } = input;
      const { target } = prepare(operations.getBadge, { app_uuid, user_id, conversations }, undefined);
      const { fetch = globalThis.fetch } = options;
      const surroundings = { url: addressOf(options, target), headers: () => headersOf(options), fetch };
      return badgeSnapshots(surroundings, input);
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
  let isMaybeDone = false;
  for (let failures = 0; ; failures++) {
    signal?.throwIfAborted();
    try {
      return await attempt(options, prepared, call);
    } catch (error) {
      if (isMaybeDone && isGone(error, operation)) return undefined;
      const waitMs = failures < retries ? waitAfter(error, operation, failures) : undefined;
      if (waitMs === undefined) throw error;
      isMaybeDone ||= isUncertain(error);
      await pause(waitMs, signal);
    }
  }
}

async function attempt(options: ClientOptions, prepared: Prepared, call: CallOptions): Promise<unknown> {
  const { status, ok, headers, text } = await exchange(options, prepared, call);
  call.onAnswer?.(status, headers);
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

async function exchange(options: ClientOptions, prepared: Prepared, call: CallOptions): Promise<Exchanged> {
  const { method, target, body = null } = prepared;
  const { signal, timeoutMs = options.timeoutMs ?? TIMEOUT_MS } = call;
  const { fetch = globalThis.fetch } = options;
  const headers = await headersOf(options, call.headers);
  // The token may have taken its time.
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
    const response = await fetch(addressOf(options, target), init);
    const { status, ok } = response;
    return { status, ok, headers: response.headers, text: await response.text() };
  } catch (cause) {
    signal?.throwIfAborted();
    throw controller.signal.aborted
      ? new BadgedError('timeout', `There was no answer within ${timeoutMs} milliseconds.`, { cause })
      : new BadgedError('connection_failed', 'The connection failed before the answer was here.', { cause });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  }
}

function addressOf({ url }: ClientOptions, target: string): string {
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
