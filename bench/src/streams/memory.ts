/** In a child: what the process holds, after what it does not need any more was collected. */
import { setTimeout } from 'node:timers/promises';

export interface Memory {
  /** What the operating system counts, sockets' own buffers left out. */
  readonly residentBytes: number;
  readonly heapBytes: number;
}

export async function memory(): Promise<Memory> {
  if (globalThis.gc === undefined) throw new Error('this script is started with --expose-gc');
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc();
    // Handles that were closed are let go of between turns of the event loop.
    await setTimeout(50);
  }
  const { rss, heapUsed } = process.memoryUsage();
  return { residentBytes: rss, heapBytes: heapUsed };
}
