/** The environment of a server that mutate.mjs changes as it loads. */
import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const migrations = fileURLToPath(new URL('../../migrations/postgres', import.meta.url));

export function mutated(name: string): NodeJS.ProcessEnv {
  const hooks = fileURLToPath(new URL('./mutate.mjs', import.meta.url));
  return { NODE_OPTIONS: `--import ${hooks}`, BADGED_MUTATION: name };
}

/** A next version of the program: this one with another migration. The caller removes the directory. */
export function nextVersion(migration: string): {
  readonly env: NodeJS.ProcessEnv;
  readonly directory: string;
} {
  const directory = mkdtempSync(join(tmpdir(), 'badged-next-'));
  cpSync(migrations, directory, { recursive: true });
  writeFileSync(join(directory, '999_next.sql'), migration);
  return { env: { ...mutated('next-version'), BADGED_MIGRATIONS: directory }, directory };
}
