/**
 * The program in one file, for the tests that start it in processes of their own: to read its 1,600 modules takes half a
 * second of a processor each time. `node scripts/bundle_program.mjs`; what is built in dist stays what runs elsewhere.
 * It ends in .mjs: in a .js file outside of any package, Node would first parse it as CommonJS.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/** They look for files beside their own. */
const external = /^(better-sqlite3|pino|thread-stream|@fastify\/(static|swagger|swagger-ui)|pg-native)(\/|$)/;

/** Modules find their files from where they were, as in dist. */
const ownUrls = {
  name: 'own-urls',
  transform(code, id) {
    if (id.startsWith(root) && code.includes('import.meta.url'))
      return { code: code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)), map: null };
  },
};

export async function bundleProgram(file) {
  const bundle = await rolldown({
    input: join(root, 'server/dist/cli/main.js'),
    platform: 'node',
    treeshake: false,
    external: (id) => id.startsWith('node:') || external.test(id),
    plugins: [ownUrls],
    logLevel: 'warn',
  });
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  await bundle.close();
}

await bundleProgram(process.argv[2] ?? join(root, 'node_modules/.badged-program/main.mjs'));
