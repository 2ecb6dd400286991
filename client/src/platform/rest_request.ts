/** Turns the arguments of a call into a request: the path's placeholders, the query, the body, the headers. */
import type { OutgoingRequest } from './exchange.js';

export type Parameters = Readonly<Record<string, unknown>> | null | undefined;

/** What the `opts` of every method may hold. */
export interface CallOptions {
  readonly customHeaders?: Readonly<Record<string, string>>;
}

export interface RestCall {
  readonly path: string;
  readonly method: string;
  readonly pathParams?: Parameters;
  readonly queryParams?: Parameters;
  readonly headers?: readonly Parameters[];
  readonly formParams?: Parameters;
  readonly body?: unknown;
  readonly contentTypes?: readonly string[];
  readonly accepts?: readonly string[];
}

export function restRequest(api: string, call: RestCall): OutgoingRequest {
  const headers: Record<string, string> = { Accept: jsonPreferred(call.accepts) };
  const content = contentOf(call);
  if (content?.type !== undefined) headers['Content-Type'] = content.type;
  for (const more of call.headers ?? []) {
    for (const [name, value] of definedEntries(more)) headers[name] = parameterText(value);
  }
  const url = api + filledPath(call.path, call.pathParams) + queryOf(call.path, call.queryParams);
  const request = { url, method: call.method.toUpperCase(), headers };
  return content === undefined ? request : { ...request, body: content.body };
}

/** Throws if a required argument is missing: the request would go to another endpoint. */
export function requireParameter(value: unknown, name: string, method: string): void {
  if (value === undefined || value === null || value === '') {
    throw new Error(`Missing the required parameter "${name}" when calling ${method}`);
  }
}

function filledPath(path: string, params: Parameters): string {
  const filled = path.replace(/\{([\w-]+)\}/g, (placeholder, name: string) => {
    const value = params?.[name];
    return value === undefined || value === null
      ? encodeURIComponent(placeholder)
      : segmentOf(parameterText(value));
  });
  return filled.startsWith('/') ? filled : `/${filled}`;
}

/** URLs drop the segments `.` and `..` even when they are escaped: the request would go to another endpoint. */
function segmentOf(value: string): string {
  if (value === '.' || value === '..') throw new Error(`"${value}" cannot be a path segment`);
  return encodeURIComponent(value);
}

/** Lists are sent as comma-separated values. A path with a query of its own, such as a listing's `nextUri`, keeps it. */
function queryOf(path: string, params: Parameters): string {
  const query = new URLSearchParams(
    definedEntries(params).map(([name, value]) => [name, parameterText(value)]),
  );
  const text = query.toString();
  if (text === '') return '';
  return `${path.includes('?') ? '&' : '?'}${text}`;
}

function contentOf(call: RestCall): { readonly type?: string; readonly body: string | FormData } | undefined {
  const type = jsonPreferred(call.contentTypes);
  if (type === 'application/x-www-form-urlencoded') {
    const form = definedEntries(call.formParams).map(([name, value]) => [name, parameterText(value)]);
    return { type, body: new URLSearchParams(form).toString() };
  }
  if (type === 'multipart/form-data') {
    const form = new FormData();
    for (const [name, value] of definedEntries(call.formParams)) {
      if (value instanceof Blob) form.set(name, value);
      else form.set(name, parameterText(value));
    }
    // fetch chooses the boundary between the parts, so it sets the type.
    return { body: form };
  }
  if (call.body === undefined || call.body === null) return undefined;
  return { type, body: typeof call.body === 'string' ? call.body : JSON.stringify(call.body) };
}

function definedEntries(params: Parameters): [string, unknown][] {
  return Object.entries(params ?? {}).filter(([, value]) => value !== undefined && value !== null);
}

function parameterText(value: unknown): string {
  if (Array.isArray(value)) return value.map(parameterText).join(',');
  return value instanceof Date ? value.toISOString() : String(value);
}

function jsonPreferred(types: readonly string[] = []): string {
  return types.find((type) => /^application\/json\b/i.test(type)) ?? types[0] ?? 'application/json';
}
