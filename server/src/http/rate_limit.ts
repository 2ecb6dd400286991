/** Limits the requests of each token per time window. Off unless configured. */
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ApiError } from './foundation/errors.js';
import type { Principal } from './foundation/principal.js';

export interface RateLimit {
  readonly requests: number;
  readonly perSeconds: number;
}

/** Registered after authentication, since requests are counted by principal. */
export function limitRates(app: FastifyInstance, { requests, perSeconds }: RateLimit): void {
  app.register(rateLimit, {
    global: true,
    hook: 'onRequest',
    max: requests,
    timeWindow: perSeconds * 1000,
    keyGenerator: ({ principal }: FastifyRequest) => (principal === null ? 'public' : keyOf(principal)),
    allowList: ({ principal }: FastifyRequest) => principal === null,
    errorResponseBuilder: (_request, { ttl }) => {
      const seconds = Math.max(1, Math.ceil(ttl / 1000));
      return new ApiError(
        'rate_limit_exceeded',
        `The token sent too many requests. Try again in ${seconds} s.`,
      );
    },
  });
}

function keyOf(principal: Principal): string {
  switch (principal.kind) {
    case 'admin':
      return 'admin';
    case 'app':
      return `app ${principal.token}`;
    case 'user':
      return `user ${principal.app} ${principal.user}`;
    case 'oauth':
      return `oauth ${principal.app} ${principal.user ?? ''} ${principal.client ?? ''}`;
    case 'session':
      return `session ${principal.session.id}`;
  }
}
