/**
 * The stages of a large request: its body is checked, parsed and validated, its command prepared, and its response written. Each
 * takes some milliseconds, so other requests are served in between. Small requests go through all of them at once.
 */
import type { FastifyRequest } from 'fastify';
import { nextSlice } from '../../slices.js';

/** A body of this size takes a tenth of a millisecond in a stage. */
const largeBytes = 32 * 1024;

const large = new WeakSet<FastifyRequest>();

/** To be called once the body is there. */
export function noteSize(request: FastifyRequest, bodyBytes: number): void {
  if (bodyBytes >= largeBytes) large.add(request);
}

/** Call and await it between two stages. Undefined if the next one may begin at once. */
export function nextStage(request: FastifyRequest): Promise<void> | undefined {
  return large.has(request) ? nextSlice(ownerOf(request)) : undefined;
}

function ownerOf({ principal }: FastifyRequest): string {
  return principal === null || principal.kind === 'admin' ? '' : principal.app;
}
