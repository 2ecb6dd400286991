/**
 * One log line for each request: id, route template, operation, status, milliseconds, and the app and token id that
 * called. Never the URL itself, which contains user ids, nor its query, headers or bodies, which contain tokens and contents.
 */
import type { FastifyBaseLogger, FastifyInstance, FastifyRequest } from 'fastify';
import type { Principal } from './foundation/principal.js';
import { routeTemplate } from './foundation/route.js';

/** Fastify's own request serializer logs the URL and the address of the client. */
export const requestSerializers = {
  req: ({ method }: { method: string }) => ({ method }),
  res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
};

/** The levels at which requests are logged. */
const verbose = new Set(['trace', 'debug', 'info']);

export function logRequests(app: FastifyInstance): void {
  app.decorateRequest('errorId', null);
  if (!verbose.has(app.log.level)) return;
  app.addHook('onResponse', (request, reply, done) => {
    const line = {
      route: routeTemplate(request),
      method: request.method,
      ...operationOf(request),
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 100) / 100,
      ...callerOf(request.principal),
      ...(request.errorId !== null && { error: request.errorId }),
      ...request.tokenProblem,
    };
    request.log.info(line, 'request');
    done();
  });
}

function operationOf({ routeOptions }: FastifyRequest): { readonly operation?: string } {
  const operation = routeOptions.schema?.operationId;
  return operation === undefined ? {} : { operation };
}

/** No user: their ids are data of people. */
function callerOf(principal: Principal | null) {
  if (principal === null) return {};
  const { kind } = principal;
  if (kind === 'admin') return { principal: kind };
  const app = principal.app === '' ? {} : { app: principal.app };
  if (kind === 'app') return { principal: kind, ...app, token: principal.token };
  if (kind !== 'oauth') return { principal: kind, ...app };
  // A user token has no id.
  if (principal.client === undefined) return { principal: 'user', ...app };
  return { principal: kind, ...app, client: principal.client, token: principal.token };
}

type Bindings = Parameters<FastifyBaseLogger['child']>[0];
type ChildOptions = Parameters<FastifyBaseLogger['child']>[1];

/** The logger of one request, for Fastify's childLoggerFactory. */
export function requestLogger(
  parent: FastifyBaseLogger,
  bindings: Bindings,
  options: ChildOptions,
): FastifyBaseLogger {
  return new RequestLogger(parent, bindings, options);
}

/** Makes the child of the parent when something is logged, which most requests never do. */
class RequestLogger implements FastifyBaseLogger {
  readonly #parent: FastifyBaseLogger;
  readonly #bindings: Bindings;
  readonly #options: ChildOptions;
  #made: FastifyBaseLogger | undefined;

  constructor(parent: FastifyBaseLogger, bindings: Bindings, options: ChildOptions) {
    this.#parent = parent;
    this.#bindings = bindings;
    this.#options = options;
  }

  get #child(): FastifyBaseLogger {
    this.#made ??= this.#parent.child(this.#bindings, this.#options);
    return this.#made;
  }

  get level() {
    return this.#child.level;
  }

  child(bindings: Bindings, options?: ChildOptions): FastifyBaseLogger {
    return this.#child.child(bindings, options);
  }

  fatal(...line: unknown[]): void {
    Reflect.apply(this.#child.fatal, this.#child, line);
  }

  error(...line: unknown[]): void {
    Reflect.apply(this.#child.error, this.#child, line);
  }

  warn(...line: unknown[]): void {
    Reflect.apply(this.#child.warn, this.#child, line);
  }

  info(...line: unknown[]): void {
    Reflect.apply(this.#child.info, this.#child, line);
  }

  debug(...line: unknown[]): void {
    Reflect.apply(this.#child.debug, this.#child, line);
  }

  trace(...line: unknown[]): void {
    Reflect.apply(this.#child.trace, this.#child, line);
  }

  silent(...line: unknown[]): void {
    Reflect.apply(this.#child.silent, this.#child, line);
  }
}
