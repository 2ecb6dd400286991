/** What `npm install badged` brings: the packed tarball is unpacked beside its dependencies, and started from an empty folder. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listening, programEnvironment } from './server_process.js';

const root = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'badged-package-'));
const run = promisify(execFile);

beforeAll(async () => {
  const { stdout } = await run(process.execPath, [join(root, 'scripts/pack.mjs'), folder]);
  for (const tarball of stdout.trim().split('\n')) {
    const name = basename(tarball).startsWith('badged-client') ? 'client' : 'badged';
    mkdirSync(packageFolder(name), { recursive: true });
    await run('tar', ['xzf', tarball, '-C', packageFolder(name), '--strip-components=1']);
  }
  const { dependencies, peerDependencies } = manifest('badged');
  for (const dependency of Object.keys({ ...dependencies, ...peerDependencies }))
    if (!dependency.startsWith('@badged/')) link(dependency);
});

interface Manifest {
  readonly bin?: { readonly badged: string };
  readonly exports?: unknown;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: unknown;
}

function packageFolder(name: string): string {
  return join(folder, 'node_modules', name);
}

function manifest(name: string): Manifest {
  return JSON.parse(readFileSync(join(packageFolder(name), 'package.json'), 'utf8'));
}

/** As npm would have installed it: what this tree has is the same version. */
function link(dependency: string): void {
  const own = join(root, 'server/node_modules', dependency);
  mkdirSync(dirname(packageFolder(dependency)), { recursive: true });
  symlinkSync(existsSync(own) ? own : join(root, 'node_modules', dependency), packageFolder(dependency));
}

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package badged', () => {
  test('serves from an empty folder, with the dashboard, and ends with 0 on SIGTERM', async () => {
    const cwd = join(folder, 'empty');
    mkdirSync(cwd);
    const { bin } = manifest('badged');
    const server = spawn(
      process.execPath,
      [join(packageFolder('badged'), bin?.badged ?? ''), '--port', '0'],
      {
        cwd,
        env: programEnvironment(),
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const ended = once(server, 'exit');
    const { url } = await listening(server);
    const page = await fetch(url);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('<div id="root"')]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    server.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    expect(readdirSync(cwd)).toEqual(['data']);
  });

  test('contains what runs, and no sources, maps or tests', () => {
    const files = readdirSync(packageFolder('badged'), { recursive: true, encoding: 'utf8' });
    expect(files).toEqual(
      expect.arrayContaining(['README.md', 'LICENSE', 'CHANGELOG.md', 'dashboard/dist/index.html']),
    );
    expect(files.filter((file) => /\.map$|(?<!\.d)\.ts$|\/test\//.test(file))).toEqual([]);
  });

  test('needs no SQLite to be compiled: better-sqlite3 is for versions of Node without one', () => {
    const { dependencies, peerDependencies, peerDependenciesMeta } = manifest('badged');
    expect(Object.keys(dependencies ?? {})).not.toContain('better-sqlite3');
    expect(peerDependencies).toHaveProperty('better-sqlite3');
    expect(peerDependenciesMeta).toEqual({ 'better-sqlite3': { optional: true } });
  });
});

test('each path that @badged/client exports is in its package', () => {
  const paths = JSON.stringify(manifest('client').exports).match(/\.\/dist[^"]+/g) ?? [];
  expect(paths.length).toBeGreaterThan(10);
  for (const path of paths)
    expect(readFileSync(join(packageFolder('client'), path)).length).toBeGreaterThan(0);
});
