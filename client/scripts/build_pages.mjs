// What pages and service workers load as it is: node client/scripts/build_pages.mjs [folder], by default dist. Each file
// is minified and has in it all that it needs.

import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleModule } from './bundle_module.mjs';

const client = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** Below the folder, by what is below src. */
const modules = {
  'api/badged_client.mjs': 'api/index.ts',
  'badge/badged_badge.mjs': 'badge/index.ts',
  'element/badged_count.mjs': 'element/index.ts',
  'worker/badged_worker.mjs': 'worker/index.ts',
};

/** The same for `importScripts`, with the global name: not every browser runs modules as service workers. */
const scripts = {
  'worker/badged_worker.js': ['worker/index.ts', 'badgedWorker'],
};

export async function buildPages(folder) {
  for (const [file, source] of Object.entries(modules)) {
    await bundleModule(join(client, 'src', source), join(folder, file));
  }
  for (const [file, [source, name]] of Object.entries(scripts)) {
    await bundleModule(join(client, 'src', source), join(folder, file), { format: 'iife', name });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await buildPages(resolve(process.argv[2] ?? join(client, 'dist')));
}
