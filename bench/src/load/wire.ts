/**
 * Load on a server from bare sockets, in a process of its own: groups of clients that each send their next request when
 * one has its response. It costs a fifth of what an HTTP client costs, so that a server on the other core sets the rate.
 */
import { listIn, numberIn, runChild } from '../measure/child.js';
import type { LoadRequest } from './load.js';

export interface WireGroup {
  readonly clients: number;
  /** Each client takes the next one; after the last comes the first. */
  readonly requests: readonly LoadRequest[];
  /**
   * Requests a second, whether responses come or not: an open loop. Those for which no client is free wait, and their time counts
   * from when they were due. Default: each client sends its next request when it has a response.
   */
  readonly rate?: number;
}

export interface WireLoad {
  readonly url: string;
  readonly token: string;
  /** After this no request is sent. Those that were are waited for. */
  readonly seconds: number;
  readonly groups: readonly WireGroup[];
}

export interface WireResult {
  readonly responses: number;
  /** Responses a second, until the last response of the group. */
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
}

export interface WireResults {
  /** In the order of the groups. */
  readonly groups: readonly WireResult[];
  /** How much of one core the clients needed: near 1, it is they who set the rate. */
  readonly clientCpu: number;
}

/** Rejects if a response is not 2xx, or a connection ends. */
export async function runWireLoad(load: WireLoad): Promise<WireResults> {
  const open = load.groups.map((group) => ({ rate: 0, ...group }));
  const results = await runChild(new URL('./wire_main.js', import.meta.url), { ...load, groups: open });
  const groups = listIn(results, 'groups').map((group) => ({
    responses: numberIn(group, 'responses'),
    rate: numberIn(group, 'rate'),
    p50Ms: numberIn(group, 'p50Ms'),
    p99Ms: numberIn(group, 'p99Ms'),
    p999Ms: numberIn(group, 'p999Ms'),
  }));
  return { groups, clientCpu: numberIn(results, 'clientCpu') };
}
