// What users of the platformClient install. Its folder is a package of its own: CommonJS for Node, an ES module for
// bundlers, a script for browsers (global, AMD or `require('platformClient')`), and the types of each.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const client = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(client, 'src/platform/index.ts');

const outputs = [
  { file: 'cjs/index.js', format: 'cjs', minify: false },
  { file: 'platform_client.mjs', format: 'es', minify: false },
  { file: 'platform_client.js', format: 'umd', minify: false },
  { file: 'platform_client.min.js', format: 'umd', minify: true },
];

export async function buildPlatform(folder) {
  mkdirSync(join(folder, 'cjs'), { recursive: true });
  await bundle(folder);
  emitTypes(folder);
  writePackage(folder);
}

async function bundle(folder) {
  const build = await rolldown({ input: source, platform: 'neutral', transform: { target: 'es2022' } });
  for (const { file, format, minify } of outputs) {
    await build.write({
      file: join(folder, file),
      format,
      minify,
      exports: 'named',
      name: 'platformClient',
      ...(format === 'umd'
        ? { postFooter: readFileSync(join(client, 'scripts/browser_require.js'), 'utf8') }
        : {}),
    });
  }
  await build.close();
}

/** The same declarations serve both module systems: a folder's package.json says which one its files belong to. */
function emitTypes(folder) {
  const emitted = mkdtempSync(join(tmpdir(), 'platform-client-types-'));
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
  const options = ['--outDir', emitted, '--tsBuildInfoFile', join(emitted, '.tsbuildinfo')];
  const declarations = ['--emitDeclarationOnly', '--declarationMap', 'false'];
  const run = spawnSync(process.execPath, [tsc, '-p', client, ...options, ...declarations], {
    stdio: 'inherit',
  });
  if (run.status !== 0) process.exit(run.status ?? 1);
  for (const name of readdirSync(join(emitted, 'platform'))) {
    for (const target of [folder, join(folder, 'cjs')]) {
      cpSync(join(emitted, 'platform', name), join(target, name));
    }
  }
  rmSync(emitted, { recursive: true });
}

function writePackage(folder) {
  const { version, license } = JSON.parse(readFileSync(join(client, 'package.json'), 'utf8'));
  const required = { types: './cjs/index.d.ts', default: './cjs/index.js' };
  const description = {
    name: '@badged/platform-client',
    version,
    license,
    description: 'The platformClient for badged: chat badges of the signed-in user',
    type: 'module',
    main: './cjs/index.js',
    module: './platform_client.mjs',
    types: './cjs/index.d.ts',
    unpkg: './platform_client.min.js',
    jsdelivr: './platform_client.min.js',
    exports: {
      '.': {
        node: { import: { types: './index.d.ts', default: './node.mjs' }, require: required },
        default: { import: { types: './index.d.ts', default: './platform_client.mjs' }, require: required },
      },
      './script': './platform_client.min.js',
      './package.json': './package.json',
    },
  };
  writeJson(join(folder, 'package.json'), description);
  writeJson(join(folder, 'cjs/package.json'), { type: 'commonjs' });
  writeFileSync(join(folder, 'node.mjs'), nodeModule());
}

/** In Node, `import` and `require` must meet in the same ApiClient.instance, whoever of a program's parts uses which. */
function nodeModule() {
  const names = ['ApiClient', 'ApiError', 'BadgesApi', 'NotificationsApi', 'TokensApi', 'UsersApi'];
  return [
    "import platformClient from './cjs/index.js';",
    '',
    `export const { ${names.join(', ')} } = platformClient;`,
    'export default platformClient.default;',
    '',
  ].join('\n');
}

function writeJson(file, content) {
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);
}
