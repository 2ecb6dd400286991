/**
 * How noisy the machine is: the same small piece of work, done again and again. Where its times differ, so
 * will those of whatever is measured beside it.
 */
import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { spread } from './pairs.js';
import { scratchDirectory } from './scratch.js';
import { spreadText } from './text.js';

export interface NoiseSample {
  readonly computeMs: number;
  readonly syncMs: number;
}

const block = Buffer.alloc(4096, 1);

export function sampleNoise(times = 40): NoiseSample[] {
  const directory = scratchDirectory();
  const file = openSync(join(directory, 'noise'), 'w');
  const samples = Array.from({ length: times }, () => ({
    computeMs: timed(() => {
      const hash = createHash('sha256');
      for (let round = 0; round < 500; round += 1) hash.update(block);
      hash.digest();
    }),
    syncMs: timed(() => {
      writeSync(file, block);
      fsyncSync(file);
    }),
  }));
  closeSync(file);
  rmSync(directory, { recursive: true });
  return samples;
}

export function describeNoise(samples: readonly NoiseSample[]): string {
  const compute = spread(samples.map(({ computeMs }) => computeMs));
  const sync = spread(samples.map(({ syncMs }) => syncMs));
  return [
    `the machine: ${cpus().length} cores, load average ${loadavg()[0]?.toFixed(1)} at the end`,
    `its noise: the same computation took ${spreadText(compute, 'ms')}; writing and syncing 4 KiB ${spreadText(sync, 'ms')}`,
  ].join('\n');
}

function timed(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}
