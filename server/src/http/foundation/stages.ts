/**
 * The stages of a large request: its body is checked, parsed and validated, its command prepared, and its response written. Each
 * may take some milliseconds, so other requests are served in between. Small requests go through all of them at once.
 */
import type { FastifyRequest } from 'fastify';
import { SlicedWork } from '../../slices.js';

/** All stages of a smaller body together take a millisecond or two. */
const largeBytes = 32 * 1024;

const large = new WeakMap<FastifyRequest, SlicedWork>();

/** To be called once the body is there. */
export function beginStages(request: FastifyRequest, bodyBytes: number): void {
  if (bodyBytes >= largeBytes) large.set(request, new SlicedWork(ownerOf(request)));
}

/** Call and await it between two stages. Undefined if the next one may begin at once: the slice is not over. */
export function nextStage(request: FastifyRequest): Promise<void> | undefined {
  return large.get(request)?.pause();
}

/** Whether its body was large. The response repeats most of it, as a rule. */
export function isLarge(request: FastifyRequest): boolean {
  return large.has(request);
}

function ownerOf({ principal }: FastifyRequest): string {
  return principal === null || principal.kind === 'admin' ? '' : principal.app;
}
