/** The operations of the API, read from the server's own OpenAPI document, with hostile requests for each. */
import { type HostileBody, hostileProperties, hostileWholes } from './hostile_bodies.js';
import type { CostlyRequest, Victim } from './victim.js';

export interface ApiOperation {
  readonly name: string;
  readonly method: string;
  /** The path as the document has it: with parameters in braces. */
  readonly path: string;
  /** Undefined without a body. */
  readonly body: { readonly schema: unknown; readonly sample: object } | undefined;
}

export async function readOperations(victim: Victim): Promise<ApiOperation[]> {
  const { text } = await victim.send({ method: 'GET', path: '/openapi.json' });
  const document: unknown = JSON.parse(text);
  return entries(member(document, 'paths')).flatMap(([path, methods]) =>
    entries(methods).map(([method, described]) => {
      const json = member(member(member(described, 'requestBody'), 'content'), 'application/json');
      const schema = resolve(document, member(json, 'schema'));
      return {
        name: String(member(described, 'operationId')),
        method: method.toUpperCase(),
        path,
        body: json === undefined ? undefined : { schema, sample: sampleOf(json) },
      };
    }),
  );
}

export interface HostileRequest {
  readonly shape: string;
  readonly request: CostlyRequest;
}

export interface Tokens {
  readonly app: string;
  readonly appToken: string;
  readonly adminToken: string;
  readonly user: string;
  readonly userToken: string;
}

/** `bytes` is the largest body. Shapes that only differ in a property are left out unless `thorough`. */
export class HostileRequests {
  readonly #tokens: Tokens;
  readonly #bytes: number;
  readonly #wholes: readonly HostileBody[];

  constructor(tokens: Tokens, bytes: number) {
    this.#tokens = tokens;
    this.#bytes = bytes;
    this.#wholes = hostileWholes(bytes);
  }

  *of(operation: ApiOperation, thorough: boolean): Generator<HostileRequest> {
    yield* this.#urls(operation);
    if (operation.body === undefined) return;
    const { schema, sample } = operation.body;
    const token = this.#token(operation.path);
    for (const { shape, body } of this.#wholes) yield this.#withBody(operation, shape, body, token);
    const other = { name: 'a user token', token: this.#tokens.userToken };
    // The routes of an app also accept a user's token, or refuse it: neither may cost anything.
    for (const { shape, body } of this.#wholes.slice(0, 4))
      yield this.#withBody(operation, `${shape}, with ${other.name}`, body, other.token);
    if (!thorough) return;
    for (const { shape, body } of hostileProperties(schema, sample, this.#bytes))
      yield this.#withBody(operation, shape, body, token);
  }

  #withBody(operation: ApiOperation, shape: string, body: Buffer, token: string | undefined): HostileRequest {
    return { shape, request: { ...this.#request(operation, token), body } };
  }

  /** Hostile in what stands before the body. A server accepts 16 KiB of it in all. */
  *#urls(operation: ApiOperation): Generator<HostileRequest> {
    const request = this.#request(operation, this.#token(operation.path));
    const many = 'a=1&'.repeat(3_500);
    const escaped = '%C3%A9'.repeat(2_000);
    const list = '"a",'.repeat(3_500);
    yield { shape: 'a long query', request: { ...request, path: `${request.path}?${many}` } };
    const longest = operation.path.replace(/\{\w+\}/g, (parameter) =>
      /app_/.test(parameter) ? this.#tokens.app : escaped,
    );
    yield { shape: 'long escaped parameters', request: { ...request, path: longest } };
    for (const name of ['if-none-match', 'accept', 'last-event-id', 'cookie', 'x-http-method-override'])
      yield { shape: `a long ${name}`, request: { ...request, headers: { [name]: list } } };
  }

  #request({ method, path }: ApiOperation, token: string | undefined): CostlyRequest {
    return { method, path: this.#path(path), ...(token !== undefined && { token }) };
  }

  #path(path: string): string {
    return path.replace(/\{(\w+)\}/g, (_, name: string) => {
      if (name === 'app_uuid') return this.#tokens.app;
      if (name === 'user_id' || name === 'owner_id') return this.#tokens.user;
      // Nothing has this id, so that what is deleted or replaced is not there.
      return '7d1b2b1e-57a4-4e0e-9f3c-2f6c0d6d8a01';
    });
  }

  #token(path: string): string | undefined {
    if (path === '/admin/session') return undefined;
    if (path.startsWith('/admin')) return this.#tokens.adminToken;
    return path.startsWith('/apps/') ? this.#tokens.appToken : this.#tokens.userToken;
  }
}

/** The documented example, where there is one. */
function sampleOf(json: unknown): object {
  const example = member(json, 'example') ?? member(entries(member(json, 'examples'))[0]?.[1], 'value');
  return typeof example === 'object' && example !== null && !Array.isArray(example) ? example : {};
}

function resolve(document: unknown, schema: unknown): unknown {
  const reference = member(schema, '$ref');
  if (typeof reference !== 'string') return schema;
  return reference.split('/').slice(1).reduce(member, document);
}

function entries(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
