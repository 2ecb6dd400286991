// The files that pages load, built from the sources into a folder of the tests' own.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const buildScript = fileURLToPath(new URL('../../scripts/build_pages.mjs', import.meta.url));

export interface BuiltPages {
  readonly folder: string;
  remove(): void;
}

export async function buildPages(): Promise<BuiltPages> {
  const folder = mkdtempSync(join(tmpdir(), 'badged-pages-'));
  await run(process.execPath, [buildScript, folder]);
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}
