/**
 * One log line for each request: id, route template, method, status, milliseconds. Never the URL itself,
 * which contains user ids, nor its query, headers or bodies, which contain tokens and contents.
 */
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { routeTemplate } from './foundation/route.js';

/** Fastify's own request serializer logs the URL and the address of the client. */
export const requestSerializers = {
  req: ({ method }: { method: string }) => ({ method }),
  res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
};

/** The levels at which requests are logged. */
const verbose = new Set(['trace', 'debug', 'info']);

export function logRequests(app: FastifyInstance): void {
  if (!verbose.has(app.log.level)) return;
  app.addHook('onResponse', (request, reply, done) => {
    const line = {
      route: routeTemplate(request),
      method: request.method,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 100) / 100,
    };
    request.log.info(line, 'request');
    done();
  });
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
