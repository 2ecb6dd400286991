/** What the absolute URLs in responses start with. */
import type { FastifyRequest } from 'fastify';

/** The public URL where one is configured, otherwise as the request was addressed. No slash at the end. */
export function baseOf(request: FastifyRequest, publicUrl: string | undefined): string {
  return publicUrl ?? `${request.protocol}://${request.host || 'localhost'}`;
}
