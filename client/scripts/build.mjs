// Builds what users install, into dist: node client/scripts/build.mjs [folder]. With a folder, builds only the
// platformClient, into that.

import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildPages } from './build_pages.mjs';
import { buildPlatform } from './build_platform.mjs';

const client = resolve(dirname(fileURLToPath(import.meta.url)), '..');

const [folder] = process.argv.slice(2);
await buildPlatform(resolve(folder ?? join(client, 'dist/platform')));
if (folder === undefined) await buildPages(join(client, 'dist'));
