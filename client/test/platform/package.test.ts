// What users install: by both module systems of Node, under both in strict TypeScript, and its size in a browser.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BuiltPackage, buildPackage, type Project, projectWith } from './built_package.js';
import { documentedExample } from './documented_examples.js';
import { type PlatformDouble, startPlatformDouble } from './double/platform_double.js';

const NAME = 'purecloud-platform-client-v2';

describe('the installed package', () => {
  let built: BuiltPackage;
  let project: Project;
  let double: PlatformDouble;
  beforeAll(async () => {
    [built, double] = await Promise.all([buildPackage(), startPlatformDouble([])]);
    project = projectWith(built);
    project.write(
      'surroundings.cjs',
      `globalThis.yourAccessToken = ${JSON.stringify(double.accessToken)};
       require('${NAME}').ApiClient.instance.setEnvironment(${JSON.stringify(double.environment)});`,
    );
  });
  afterAll(async () => {
    project.remove();
    built.remove();
    await double.close();
  });

  it('runs the documented listing as it stands', async () => {
    project.write('list.js', documentedExample('getBadgesChats', 'Node'));
    const { stdout, stderr } = await project.node('-r', './surroundings.cjs', 'list.js');
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^getBadgesChats success! data: \{/);
    const shown = JSON.parse(stdout.slice(stdout.indexOf('{')));
    expect(shown.entities[0]).toMatchObject({ entity: { jabberId: 'grace@app.badged' }, unreadCount: 3 });
    expect(shown.pageSize).toBe(25);
  });

  it('runs the documented clearing as it stands', async () => {
    project.write('clear.js', documentedExample('deleteBadgesChat', 'Node'));
    const { stdout, stderr } = await project.node('-r', './surroundings.cjs', 'clear.js');
    expect(stderr).toBe('');
    expect(stdout).toBe('deleteBadgesChat returned successfully.\n');
    expect((await double.unread()).map(({ jabberId }) => jabberId)).not.toContain('jabberId_example');
  });

  it('tells the documented program about a failure', async () => {
    project.write('wrong.cjs', `globalThis.yourAccessToken = 'wrong';`);
    project.write('fail.js', documentedExample('getBadgesChats', 'Node'));
    const argv = ['-r', './surroundings.cjs', '-r', './wrong.cjs', 'fail.js'];
    const { stdout, stderr } = await project.node(...argv);
    expect(stdout).toBe('There was a failure calling getBadgesChats\n');
    expect(stderr).toMatch(/ApiError: No good token/);
    expect(stderr).toMatch(/authentication\.required/);
  });

  it('is one client for import and require, by default and by name', async () => {
    project.write(
      'both.mjs',
      `import platformClient, { ApiClient, BadgesApi, ApiError } from '${NAME}';
       import { createRequire } from 'node:module';
       const required = createRequire(import.meta.url)('${NAME}');
       console.log([
         platformClient.ApiClient === ApiClient,
         required.ApiClient === ApiClient,
         required.ApiClient.instance === ApiClient.instance,
         new platformClient.BadgesApi() instanceof BadgesApi,
         new ApiError('', {}) instanceof Error,
       ].join());`,
    );
    expect(await project.node('both.mjs')).toEqual({ stdout: 'true,true,true,true,true\n', stderr: '' });
  });

  it('is typed for import and for require in strict TypeScript', async () => {
    writePrograms(project);
    const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
    expect(await project.node(tsc, '-p', '.')).toEqual({ stdout: '', stderr: '' });
    project.write(
      'imports.mts',
      `import { BadgesApi } from '${NAME}';\nnew BadgesApi().deleteBadgesChat(1);\n`,
    );
    expect((await project.node(tsc, '-p', '.')).stdout).toMatch(/imports\.mts\(2,34\): error TS2345/);
  });

  it('is below 15 kB minified and compressed, and needs nothing else', () => {
    const script = readFileSync(join(built.folder, 'platform_client.min.js'));
    expect(gzipSync(script, { level: 9 }).length).toBeLessThan(15_000);
    for (const file of ['platform_client.mjs', 'platform_client.js', 'cjs/index.js']) {
      const text = readFileSync(join(built.folder, file), 'utf8');
      expect(text).not.toMatch(/^\s*import\b|\bimport\(|\bfrom ?['"]|= require\(|\bprocess\.|\bBuffer\b/m);
    }
    expect(JSON.parse(readFileSync(join(built.folder, 'package.json'), 'utf8'))).not.toHaveProperty(
      'dependencies',
    );
  });
});

function writePrograms(project: Project): void {
  const program = `
    async function clearAll(): Promise<number> {
      const client = platformClient.ApiClient.instance;
      client.setEnvironment('badges.example.com');
      const auth = await client.loginClientCredentialsGrant('id', 'secret');
      const token: string = auth.accessToken;
      client.setAccessToken(token);
      const badges = new platformClient.BadgesApi(client);
      const listing = await badges.getBadgesChats({ pageSize: 25, pageNumber: 1 });
      for (const { entity } of listing.entities) await badges.deleteBadgesChat(entity.jabberId);
      const next: string | undefined = listing.nextUri;
      return next === undefined ? listing.total : 0;
    }
    clearAll().then((total) => total.toFixed());
  `;
  project.write('package.json', '{ "name": "user", "version": "1.0.0" }');
  project.write(
    'tsconfig.json',
    JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2022',
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        noEmit: true,
        types: [],
      },
      include: ['*.mts', '*.cts'],
    }),
  );
  project.write(
    'imports.mts',
    `import platformClient, { type ChatBadge } from '${NAME}';\n${program}\nexport type { ChatBadge };\n`,
  );
  project.write('requires.cts', `import platformClient = require('${NAME}');\n${program}`);
  project.write(
    'interop.cts',
    `import platformClient, { BadgesApi } from '${NAME}';\n${program}\nnew BadgesApi();\n`,
  );
}
