/** Load on a server, from a process of its own: clients that each send their next request when one has its response. */
import { numberIn, runChild } from '../measure/child.js';

export interface LoadRequest {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly body?: string;
}

export interface Load {
  readonly url: string;
  readonly token: string;
  readonly clients: number;
  readonly seconds: number;
  /** Shared out among the clients; each goes round its own share. */
  readonly requests: readonly LoadRequest[];
}

export interface LoadResult {
  /** Responses a second. */
  readonly rate: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** How much of one core the clients needed: near 1, it is they who set the rate. */
  readonly clientCpu: number;
}

export async function runLoad(load: Load): Promise<LoadResult> {
  const result = await runChild(new URL('./load_main.js', import.meta.url), load);
  const failed = numberIn(result, 'failed');
  if (failed > 0) throw new Error(`${failed} requests had no 2xx response`);
  return {
    rate: numberIn(result, 'rate'),
    p50Ms: numberIn(result, 'p50Ms'),
    p99Ms: numberIn(result, 'p99Ms'),
    clientCpu: numberIn(result, 'clientCpu'),
  };
}
