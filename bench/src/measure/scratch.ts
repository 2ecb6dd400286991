/** Directories for a benchmark's data, on the disk that TMPDIR names. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export function scratchDirectory(): string {
  return mkdtempSync(join(tmpdir(), 'badged-bench-'));
}

export async function inScratchDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = scratchDirectory();
  try {
    return await work(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
