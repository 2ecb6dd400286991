/**
 * What `npm start`, `npm test` and `npm run bench` have in common: they install and build what is missing first,
 * saying what they do, and then run the program itself. Nothing but Node itself is needed here.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const [command = '', ...args] = process.argv.slice(2);

const programs = {
  start: () => node('server/dist/cli/main.js', 'serve', ...args),
  badged: () => node('server/dist/cli/main.js', ...args),
  bench: () => node('--expose-gc', 'bench/dist/main.js', ...args),
  test: () => {
    run('checking format and lint', 'npx', ['--no-install', 'biome', 'check', '.']);
    run('running the tests', 'npx', ['--no-install', 'vitest', 'run', ...args]);
  },
};

const program = programs[command];
if (program === undefined) fail(`usage: node scripts/prepare.mjs ${Object.keys(programs).join(' | ')}`);
checkNode();
install();
build();
program();

function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  fail(`badged needs Node.js 20.19 or newer; this is ${process.versions.node}.`);
}

/** npm writes node_modules/.package-lock.json when it is done: older than the lock file means out of date. */
function install() {
  const installed = join(root, 'node_modules', '.package-lock.json');
  const wanted = join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(wanted).mtimeMs) return;
  const what = 'installing dependencies (SQLite may be compiled, which takes a minute or two)';
  run(what, 'npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']);
}

/** Done only if something was written since it was done last: nobody waits for it before each command. */
function build() {
  const stamp = join(root, 'node_modules', '.badged-built');
  const sources = [
    'core',
    'dev-push',
    'replay',
    'server',
    'client',
    'dashboard',
    'bench',
    'package-lock.json',
    'tsconfig.base.json',
  ];
  const built = ['dev-push', 'replay', 'server', 'client', 'dashboard', 'bench'].map((folder) =>
    join(root, folder, 'dist'),
  );
  const written = Math.max(...sources.map((path) => lastChange(join(root, path))));
  if ([stamp, ...built].every(existsSync) && written <= statSync(stamp).mtimeMs) return;
  run('building', 'npx', ['--no-install', 'tsc', '-b']);
  run('bundling the client', process.execPath, ['client/scripts/build.mjs']);
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  run('building the dashboard', process.execPath, [vite, 'build', 'dashboard', '--logLevel', 'warn']);
  writeFileSync(stamp, '');
}

/** Of a file, or of anything in a folder that somebody wrote, or took away. */
function lastChange(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  const written = readdirSync(path).filter((name) => !['dist', '.types', 'node_modules'].includes(name));
  return Math.max(stat.mtimeMs, ...written.map((name) => lastChange(join(path, name))));
}

function run(what, program, programArgs) {
  console.error(`badged: ${what} …`);
  exitUnlessZero(spawnSync(program, programArgs, { cwd: root, stdio: 'inherit' }));
}

/** Signals to this process are for the program. */
function node(script, ...scriptArgs) {
  const env = { ...process.env, BADGED_COMMAND: 'npm run badged --' };
  const child = spawn(process.execPath, [script, ...scriptArgs], { cwd: root, stdio: 'inherit', env });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  child.on('exit', (status) => exitUnlessZero({ status }));
}

function exitUnlessZero({ status, error }) {
  if (error !== undefined) fail(error.message);
  if (status !== 0) process.exit(status ?? 1);
}

function fail(message) {
  console.error(`badged: ${message}`);
  process.exit(1);
}
