// A request as the double's endpoints see it, and the answers that they give. What is not understood is refused: a
// client that sends too much, or in another form, fails its tests.

import type { IncomingMessage } from 'node:http';

export interface HttpCall {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An answer that ends the call at once, wherever it is thrown. */
export class Refusal extends Error {
  readonly answer: HttpAnswer;

  constructor(answer: HttpAnswer) {
    super(`HTTP ${answer.status}`);
    this.answer = answer;
  }
}

export function apiError(status: number, code: string, message: string): Refusal {
  const body = { message, code, status, contextId: crypto.randomUUID(), details: [], errors: [] };
  const headers: Record<string, string> = status === 401 ? { 'WWW-Authenticate': 'Bearer' } : {};
  return new Refusal({ status, headers, body });
}

export function oauthError(status: number, error: string, description: string): Refusal {
  return new Refusal({ status, body: { error, error_description: description } });
}

export function jsonBody(call: HttpCall): unknown {
  requireContentType(call, 'application/json');
  try {
    return JSON.parse(call.body);
  } catch {
    throw apiError(400, 'bad.request', 'The body is not JSON');
  }
}

export function requireNoBody(call: HttpCall): void {
  if (call.body !== '') throw apiError(400, 'bad.request', 'This call has no body');
}

export function requireContentType(call: HttpCall, expected: string): void {
  const given = call.headers['content-type']?.split(';')[0]?.trim();
  if (given !== expected) throw apiError(415, 'unsupported.media.type', `Not ${expected}: ${given}`);
}

/** The query's values by name; an unknown or repeated one is refused. */
export function queryOf(call: HttpCall, ...known: readonly string[]): Map<string, string> {
  return onlyKnown(call.url.searchParams, known, (name) => {
    throw apiError(400, 'bad.request', `Unknown or repeated: ${name}`);
  });
}

export function onlyKnown(
  given: URLSearchParams,
  known: readonly string[],
  refuse: (name: string) => never,
): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of given) {
    if (!known.includes(name) || values.has(name)) refuse(name);
    values.set(name, value);
  }
  return values;
}
