/** Requests: what an operation's one object of input becomes in the address, the headers and the body. */

/** An operation, as much of it as a request needs; the rest of it are types. */
export interface Operation {
  readonly method: string;
  /** With a colon before what comes from the input. */
  readonly path: string;
  /** What of the input goes into the query. */
  readonly query?: readonly string[];
  /** The property of the input that is the whole body, where that is a list. */
  readonly list?: string;
  /**
   * When it can be sent again though nobody knows whether it arrived. GET, PUT and DELETE always can.
   * safe: the same as with those. request_id: with the same request id. items: each item of the list with its own.
   * Without it: never.
   */
  readonly repeat?: 'safe' | 'request_id' | 'items';
}

/** What can be said of a single call. */
export interface CallOptions {
  /** Ends the call, which then throws the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Instead of the client's own. */
  readonly timeoutMs?: number | undefined;
  /** Instead of the client's own. */
  readonly retries?: number | undefined;
  /** Sent with this call only. */
  readonly headers?: HeadersInit | undefined;
  /**
   * A UUID of your own for a call that creates something: kept, it makes a repeat of the call the same call, after a
   * crash of your program too.
   */
  readonly requestId?: string | undefined;
  /** Told of each answer, before it is taken apart: the total of a list is in Layer-Count, say. */
  readonly onAnswer?: ((status: number, headers: Headers) => void) | undefined;
}

export interface Prepared {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly body: string | undefined;
  readonly requestId: string | undefined;
}

export function prepare(operation: Operation, input: object, chosenId: string | undefined): Prepared {
  const { method, path, query = [], list, repeat } = operation;
  const rest = new Map<string, unknown>(Object.entries(input));
  const target = path.replace(/:(\w+)/g, (_, name: string) => segment(name, take(rest, name)));
  const searched = new URLSearchParams();
  for (const name of query) {
    const value = take(rest, name);
    if (value !== undefined) searched.set(name, `${value}`);
  }
  const search = searched.size === 0 ? '' : `?${searched}`;
  const content = list === undefined ? Object.fromEntries(rest) : rest.get(list);
  return {
    method,
    target: target + search,
    body: rest.size === 0 ? undefined : JSON.stringify(repeat === 'items' ? withIds(content) : content),
    // With an id of its own, the resource is what a repeat is recognised by.
    requestId: repeat === 'request_id' && rest.get('id') === undefined ? (chosenId ?? uuid()) : undefined,
  };
}

function take(rest: Map<string, unknown>, name: string): unknown {
  const value = rest.get(name);
  rest.delete(name);
  return value;
}

/** URLs leave out what is empty or a dot, and would then address something else. */
function segment(name: string, value: unknown): string {
  const text = `${value ?? ''}`;
  if (/^\.{0,2}$/.test(text))
    throw new TypeError(`${name} cannot be ${JSON.stringify(value)} in an address.`);
  return encodeURIComponent(text);
}

/** What creates nothing does not mind. */
function withIds(items: unknown): unknown {
  if (!Array.isArray(items)) return items;
  return items.map((item: { readonly id?: unknown; readonly request_id?: unknown }) =>
    // What is undefined is not sent.
    item.id === undefined && item.request_id === undefined ? { ...item, request_id: uuid() } : item,
  );
}

/** crypto.randomUUID is missing on pages that were loaded over plain HTTP. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  // Version 4 and variant 10 (RFC 9562, section 5.4), of which the four hexadecimal digits keep two random bits.
  const variant = '89ab'[(bytes[8] ?? 0) >> 6] ?? '8';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
