/** Requests: what the input of an operation becomes in the path, the query, the headers and the body. */

/** The facts of an operation that a request is made from. All others are types. */
export interface Operation {
  readonly method: string;
  /** With a colon before each part that comes from the input. */
  readonly path: string;
  /** The properties of the input that go into the query. */
  readonly query?: readonly string[];
  /** The property of the input that is the whole body, where the body is a list. */
  readonly list?: string;
  /**
   * Why the request can be sent again when no response arrived. GET, PUT and DELETE need no reason.
   * natural: twice has the effect of once. request_id: each attempt has the same request id. per_operation: each
   * operation in the list has its own request id. Left out: the request must not be sent again.
   */
  readonly idempotency?: 'natural' | 'request_id' | 'per_operation';
}

/** Options of a single call. */
export interface CallOptions {
  /** Ends the call, which then throws the reason of the signal. */
  readonly signal?: AbortSignal | undefined;
  /** In milliseconds, in place of the client's. */
  readonly timeoutMs?: number | undefined;
  /** In place of the client's. */
  readonly retries?: number | undefined;
  /** Sent with this call, in addition to the client's. */
  readonly headers?: HeadersInit | undefined;
  /**
   * A UUID of your own, for a call that creates something. Store it before you call, and a retry after a crash of your
   * program is recognised as the same call.
   */
  readonly requestId?: string | undefined;
  /** Called with each response before its body is read. The total of a list is in Layer-Count, for example. */
  readonly onResponse?: ((status: number, headers: Headers) => void) | undefined;
}

export interface PreparedRequest {
  readonly method: string;
  /** Path and query. */
  readonly target: string;
  readonly body: string | undefined;
  readonly requestId: string | undefined;
}

/**
 * Makes the request of an operation.
 * @throws TypeError if the input has a value that no path can hold.
 */
export function prepare(operation: Operation, input: object, chosenId: string | undefined): PreparedRequest {
  const { method, path, query = [], list, idempotency } = operation;
  const rest = new Map<string, unknown>(Object.entries(input));
  const target = path.replace(/:(\w+)/g, (_, name: string) => segment(name, take(rest, name)));
  const searched = new URLSearchParams();
  for (const name of query) {
    const value = take(rest, name);
    if (value !== undefined) searched.set(name, `${value}`);
  }
  const search = searched.size === 0 ? '' : `?${searched}`;
  const content = list === undefined ? Object.fromEntries(rest) : rest.get(list);
  const hasOwnId = rest.get('id') !== undefined;
  return {
    method,
    target: target + search,
    body:
      rest.size === 0
        ? undefined
        : JSON.stringify(idempotency === 'per_operation' ? withIds(content) : content),
    // The service recognises a retry by the id of the resource, if it has one.
    requestId: idempotency === 'request_id' && !hasOwnId ? (chosenId ?? uuid()) : undefined,
  };
}

function take(rest: Map<string, unknown>, name: string): unknown {
  const value = rest.get(name);
  rest.delete(name);
  return value;
}

/** URLs drop a segment that is empty or made of dots, and would then name another resource. */
function segment(name: string, value: unknown): string {
  const text = `${value ?? ''}`;
  if (/^\.{0,2}$/.test(text)) throw new TypeError(`${name} cannot be ${JSON.stringify(value)} in a path.`);
  return encodeURIComponent(text);
}

/** Operations that create nothing ignore their request id. */
function withIds(items: unknown): unknown {
  if (!Array.isArray(items)) return items;
  return items.map((item: { readonly id?: unknown; readonly request_id?: unknown }) =>
    // JSON leaves out what is undefined.
    item.id === undefined && item.request_id === undefined ? { ...item, request_id: uuid() } : item,
  );
}

/** Pages that were loaded over plain HTTP have no crypto.randomUUID. */
function uuid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  // Version 4 and variant 10 (RFC 9562, section 5.4). Two bits of the variant's digit are random.
  const variant = '89ab'[(bytes[8] ?? 0) >> 6] ?? '8';
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
