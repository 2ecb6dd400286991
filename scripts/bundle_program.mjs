/**
 * The program in one file, for the tests that start it in processes of their own: reading and compiling its 1,600 modules
 * takes most of the time of a start. `node scripts/bundle_program.mjs` writes `main.mjs` (a few lines), `program.cjs` and
 * `program.cache` (what V8 compiled of it in a start); what is built in dist stays what runs elsewhere.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** They look for files beside their own. */
const external = /^(better-sqlite3|pino|thread-stream|@fastify\/(static|swagger-ui)|pg-native)(\/|$)/;

/** Modules find their files from where they were, as in dist. */
const ownUrls = {
  name: 'own-urls',
  transform(code, id) {
    if (id.startsWith(root) && code.includes('import.meta.url'))
      return { code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)), map: null };
  },
};

const loader = `import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, Script } from 'node:vm';
const folder = dirname(fileURLToPath(import.meta.url));
const filename = join(folder, 'program.cjs');
const cache = join(folder, 'program.cache');
const cachedData = process.env.BADGED_WRITE_CODE_CACHE ? undefined : readFileSync(cache);
const script = new Script(readFileSync(filename, 'latin1'), {
  filename,
  cachedData,
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
if (process.env.BADGED_WRITE_CODE_CACHE) process.on('exit', () => writeFileSync(cache, script.createCachedData()));
const module = { exports: {} };
script.runInThisContext()(module.exports, createRequire(filename), module, filename, folder);
`;

export async function bundleProgram(folder) {
  const bundle = await rolldown({
    input: join(root, 'server/dist/cli/main.js'),
    platform: 'node',
    treeshake: false,
    external: (id) => id.startsWith('node:') || external.test(id),
    plugins: [ownUrls],
    logLevel: 'warn',
  });
  const file = join(folder, 'program.cjs');
  await bundle.write({ file, format: 'cjs', codeSplitting: false });
  await bundle.close();
  await writeFile(file, asFunction(await readFile(file, 'utf8')));
  await writeFile(join(folder, 'main.mjs'), loader);
  await writeCodeCache(join(folder, 'main.mjs'));
}

/** As Node wraps a CommonJS module; in ASCII, which is read ten times as fast. */
function asFunction(code) {
  const ascii = code
    .replace(/^#!.*/, '')
    .replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `(function (exports, require, module, __filename, __dirname) {${ascii}\n})`;
}

/** Of all functions that a first start calls. */
async function writeCodeCache(main) {
  const directory = await mkdtemp(join(tmpdir(), 'badged-bundle-'));
  const { PATH } = process.env;
  const server = spawn(process.execPath, [main, 'serve', '--port', '0', '--data-dir', directory], {
    env: { PATH, BADGED_WRITE_CODE_CACHE: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  for await (const line of createInterface({ input: server.stdout })) if (line.startsWith('listening')) break;
  server.stdout.resume();
  server.kill('SIGTERM');
  if (server.exitCode === null) await once(server, 'exit');
  await rm(directory, { recursive: true, force: true });
  if (server.exitCode !== 0) throw new Error(`The bundled program ended with ${server.exitCode}.`);
}

await bundleProgram(process.argv[2] ?? join(root, 'node_modules/.badged-program'));
