/** What the absolute URLs in responses start with. */
import type { FastifyRequest } from 'fastify';

/** The configured public URL; without one, the scheme and host of the request. No slash at the end. */
export function baseOf(request: FastifyRequest, publicUrl: string | undefined): string {
  return publicUrl ?? `${request.protocol}://${request.host || 'localhost'}`;
}
