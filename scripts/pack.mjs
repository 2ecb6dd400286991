/**
 * `node scripts/pack.mjs [FOLDER]`: packs what is published into FOLDER (default: ./release), as npm tarballs:
 * `badged`, the built server with its dashboard, and `@badged/client`. The tree must be built. It publishes nothing.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** The workspaces that the server imports. They are published inside its package. */
const bundled = ['core', 'dev-push', 'replay'];

/** An SQLite for versions of Node without one. */
const sqlite = 'better-sqlite3';

const published = {
  license: 'Apache-2.0',
  publishConfig: { access: 'public', provenance: true },
};

const folder = resolve(process.argv[2] ?? join(root, 'release'));
const staging = mkdtempSync(join(tmpdir(), 'badged-pack-'));
try {
  mkdirSync(folder, { recursive: true });
  for (const tarball of pack([stageServer(), stageClient()])) console.log(join(folder, tarball));
} finally {
  rmSync(staging, { recursive: true, force: true });
}

function stageServer() {
  const to = join(staging, 'badged');
  const { version, engines } = manifestOf('.');
  const { [sqlite]: sqliteVersion, ...dependencies } = externalDependencies();
  for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE']) copy(name, join(to, name));
  copyBuilt('server', join(to, 'server'));
  copy('server/migrations', join(to, 'server/migrations'));
  copy('dashboard/dist', join(to, 'dashboard/dist'));
  // The dashboard's path is the same from here as in a clone. The server reads its version from its own package.json.
  write(join(to, 'server/package.json'), { name: '@badged/server', version, type: 'module', private: true });
  for (const name of bundled) stageBundled(name, join(to, 'node_modules/@badged', name), version);
  write(join(to, 'package.json'), {
    name: 'badged',
    version,
    description: manifestOf('.').description,
    keywords: ['badge', 'unread', 'notifications', 'apns', 'fcm', 'web-push', 'push', 'self-hosted'],
    ...published,
    type: 'module',
    engines,
    bin: { badged: 'server/dist/cli/main.js' },
    exports: {
      '.': { types: './server/dist/index.d.ts', default: './server/dist/index.js' },
      './package.json': './package.json',
    },
    files: ['server', 'dashboard', 'CHANGELOG.md'],
    dependencies: {
      ...dependencies,
      ...Object.fromEntries(bundled.map((name) => [`@badged/${name}`, version])),
    },
    bundleDependencies: bundled.map((name) => `@badged/${name}`),
    // Node 22.16 has an SQLite of its own. To compile another one would be most of the time of an installation.
    peerDependencies: { [sqlite]: sqliteVersion },
    peerDependenciesMeta: { [sqlite]: { optional: true } },
  });
  return to;
}

function stageBundled(name, to, version) {
  copyBuilt(name, to);
  const { exports } = manifestOf(name);
  write(join(to, 'package.json'), {
    name: `@badged/${name}`,
    version,
    type: 'module',
    exports: builtExports(exports),
  });
}

function stageClient() {
  const to = join(staging, 'client');
  const { private: _, scripts: __, devDependencies: ___, ...manifest } = manifestOf('client');
  copy('client/README.md', join(to, 'README.md'));
  copy('LICENSE', join(to, 'LICENSE'));
  copyBuilt('client', to);
  write(join(to, 'package.json'), {
    ...manifest,
    version: manifestOf('.').version,
    ...published,
    exports: builtExports(manifest.exports),
  });
  return to;
}

/** Returns the names of the tarballs. */
function pack(packages) {
  const args = ['pack', ...packages, '--json', '--ignore-scripts', '--pack-destination', folder];
  const printed = execFileSync('npm', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  return JSON.parse(printed).map(({ filename }) => filename);
}

/** What the bundled workspaces depend on is installed beside the server's own dependencies. */
function externalDependencies() {
  const all = ['server', ...bundled].flatMap((name) => Object.entries(manifestOf(name).dependencies ?? {}));
  const external = all.filter(([name]) => !name.startsWith('@badged/'));
  return Object.fromEntries(external.sort(([a], [b]) => a.localeCompare(b)));
}

/** Copies dist without maps, and without what is left of a source that was removed. */
function copyBuilt(workspace, to) {
  const dist = join(root, workspace, 'dist');
  if (!existsSync(dist))
    throw new Error(`${workspace} is not built. Run npm start or npm test once, which build it.`);
  const isPublished = (path) =>
    !path.endsWith('.map') && !path.endsWith('.tsbuildinfo') && hasSource(workspace, relative(dist, path));
  cpSync(dist, join(to, 'dist'), { recursive: true, filter: isPublished });
}

function hasSource(workspace, path) {
  const source = path.replace(/^(?:platform\/)?cjs\//, '').replace(/(?:\.d)?\.[jt]s$/, '.ts');
  const isCompiled = source.endsWith('.ts') && workspace !== 'client';
  return !isCompiled || existsSync(join(root, workspace, 'src', source));
}

/** Without the condition that resolves to the sources, which are not published. */
function builtExports(exports) {
  if (typeof exports === 'string') return exports;
  const kept = Object.entries(exports).filter(([condition]) => condition !== 'source');
  return Object.fromEntries(kept.map(([condition, target]) => [condition, builtExports(target)]));
}

function manifestOf(workspace) {
  return JSON.parse(readFileSync(join(root, workspace, 'package.json'), 'utf8'));
}

function copy(path, to) {
  cpSync(join(root, path), to, { recursive: true });
}

function write(path, manifest) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
}
