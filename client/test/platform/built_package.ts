// The package as users install it, built from the sources into a folder of the test's own, and a project that depends
// on it by the name of the vendor's.

import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const buildScript = fileURLToPath(new URL('../../scripts/build.mjs', import.meta.url));

export interface BuiltPackage {
  readonly folder: string;
  remove(): void;
}

export async function buildPackage(): Promise<BuiltPackage> {
  const folder = mkdtempSync(join(tmpdir(), 'platform-client-'));
  await run(process.execPath, [buildScript, folder]);
  return { folder, remove: () => rmSync(folder, { recursive: true }) };
}

export interface Project {
  readonly folder: string;
  write(file: string, text: string): void;
  /** Runs a file of the project's with Node; resolves with what it printed, even if it failed. */
  node(...argv: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }>;
  remove(): void;
}

/** `env` is what its programs find in their environment, beside what is there anyway. */
export function projectWith(built: BuiltPackage, env: Readonly<Record<string, string>> = {}): Project {
  const folder = mkdtempSync(join(tmpdir(), 'platform-client-user-'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(built.folder, join(folder, 'node_modules/purecloud-platform-client-v2'));
  return {
    folder,
    write: (file, text) => writeFileSync(join(folder, file), text),
    node: (...argv) =>
      run(process.execPath, argv, { cwd: folder, env: { ...process.env, ...env } }).catch(
        ({ stdout, stderr }) => ({ stdout, stderr }),
      ),
    remove: () => rmSync(folder, { recursive: true }),
  };
}
