/**
 * `npm start`, `npm test`, `npm run test:all`, `npm run build`, `npm run soak`, `npm run badged` and `npm run bench`: installs and
 * builds what is missing or out of date, then runs the program in this process, so that a signal to it is a signal to the program. Needs nothing but Node.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { withLock } from './lock.mjs';
import { run } from './run.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const bin = (path) => join(root, 'node_modules', path);
const [command = '', ...args] = process.argv.slice(2);
const isTest = command === 'test' || command === 'test:all';

const programs = {
  start: () => load(join(root, 'server/dist/cli/main.js'), 'serve', ...args),
  badged: () => load(join(root, 'server/dist/cli/main.js'), ...args),
  bench: () => load(join(root, 'bench/dist/main.js'), ...args),
  test: () => load(bin('vitest/vitest.mjs'), 'run', ...args),
  'test:all': () => {
    process.env.BADGED_TESTS = 'all';
    return load(bin('vitest/vitest.mjs'), 'run', ...args);
  },
  soak: () => load(join(root, 'scripts/soak.mjs'), ...args),
  build: () => {},
};

/** Resolves once the sources are checked, which goes beside the build. */
let linted;

const program = programs[command];
if (program === undefined) fail(`usage: node scripts/prepare.mjs ${Object.keys(programs).join(' | ')}`);
checkNode();
if (process.env.npm_lifecycle_event !== undefined) endWithNpm();
process.chdir(root);
if (!isInstalled() || !isBuilt()) await withLock(join(root, '.badged-build-lock'), prepare);
if (isTest) await prepareTests();
process.env.BADGED_COMMAND ??= 'npm run badged --';
await program();

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`badged needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
}

/** Node's own SQLite is used where it is complete (server/src/store/sqlite/node_sqlite.ts). No other package has a script. */
function hasSqlite() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  return major >= 24 || (major === 22 && minor >= 16);
}

/** npm passes on SIGTERM and SIGINT. Where it is ended in any other way, this process gets another parent. */
function endWithNpm() {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(watch);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  watch.unref();
}

/** Another command may have done all of it while this one waited for the lock. */
async function prepare() {
  if (!isInstalled()) await install();
  if (!isBuilt()) await build();
}

/** `npm ci` begins by removing node_modules. An installation is changed in place, so that it stays where that fails, such as offline. */
async function install() {
  const how = existsSync(bin('.package-lock.json')) ? ['install', '--no-save'] : ['ci'];
  const args = [...how, '--no-audit', '--no-fund', '--loglevel=error'];
  if (hasSqlite()) await run('installing dependencies', 'npm', [...args, '--ignore-scripts']);
  else await run('installing dependencies (SQLite is compiled, which takes a minute or two)', 'npm', args);
}

/** Tests that start the program start the bundle, if they are run from here: it needs half of the time. */
async function prepareTests() {
  await Promise.all([lint(), run('bundling the program', process.execPath, ['scripts/bundle_program.mjs'])]);
  process.env.BADGED_PROGRAM ??= bin('.badged-program/main.mjs');
}

function lint() {
  linted ??= run('checking format and lint', process.execPath, [
    bin('@biomejs/biome/bin/biome'),
    'check',
    '.',
  ]);
  return linted;
}

/**
 * npm writes what it has installed to node_modules/.package-lock.json when it is done. The two files are compared by
 * what they say: a checkout changes the time of a file, and not what is installed.
 */
function isInstalled() {
  const record = bin('.package-lock.json');
  if (!existsSync(record)) return false;
  const { packages: installed = {} } = JSON.parse(readFileSync(record, 'utf8'));
  const { packages: wanted } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  return Object.entries(wanted).every(([path, { version, resolved, integrity, optional, devOptional }]) => {
    const found = installed[path];
    // The root itself is not recorded; an optional package may be for another platform.
    if (found === undefined) return path === '' || optional === true || devOptional === true;
    return found.version === version && found.resolved === resolved && found.integrity === integrity;
  });
}

/** The stamp holds the fingerprint of what was built. */
function isBuilt() {
  const stamp = bin('.badged-built');
  const built = workspaces().map((folder) => join(root, folder, 'dist'));
  return [stamp, ...built].every(existsSync) && readFileSync(stamp, 'utf8') === fingerprint();
}

async function build() {
  const before = fingerprint();
  const vite = [bin('vite/bin/vite.js'), 'build', 'dashboard', '--logLevel', 'warn'];
  await Promise.all([
    isTest && lint(),
    run('building', process.execPath, [bin('typescript/bin/tsc'), '-b']),
    run('building the dashboard', process.execPath, vite),
  ]);
  await run('bundling the client', process.execPath, ['client/scripts/build.mjs']);
  writeFileSync(bin('.badged-built'), before);
}

function workspaces() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).workspaces;
}

/** Of the names, sizes and times of all files that go into the build. */
function fingerprint() {
  const hash = createHash('sha256');
  for (const path of [...workspaces(), 'package-lock.json', 'tsconfig.json', 'tsconfig.base.json'])
    for (const file of filesIn(path)) {
      const { size, mtimeMs } = statSync(file);
      hash.update(`${file} ${size} ${mtimeMs}\n`);
    }
  return hash.digest('hex');
}

function filesIn(path) {
  if (!statSync(path).isDirectory()) return [path];
  const made = /^(dist|\.types|node_modules)$|\.tsbuildinfo$/;
  const names = readdirSync(path).filter((name) => !made.test(name));
  return names.sort().flatMap((name) => filesIn(join(path, name)));
}

/** Runs a program as if Node had been started with it. */
async function load(script, ...scriptArgs) {
  process.argv = [process.execPath, script, ...scriptArgs];
  await import(pathToFileURL(script).href);
}

function fail(message) {
  console.error(`badged: ${message}`);
  process.exit(1);
}
