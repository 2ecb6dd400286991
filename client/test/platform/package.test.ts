// What users install: by both module systems of Node, under both in strict TypeScript, and its size in a browser. The
// programs of the documentation run with it, against a badge server over TLS.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChatBadgeEntityListing } from '../../src/platform/index.js';
import { type BuiltPackage, buildPackage, type Project, projectWith } from './built_package.js';
import { type DocumentedMethod, documentedExample, type Filling } from './documented_examples.js';
import { type BadgeServer, startBadgeServer } from './server/badge_server.js';

const REDIRECT_URI = 'https://app.example.com/signed-in';
const NAME = 'purecloud-platform-client-v2';

describe('the installed package', () => {
  let built: BuiltPackage;
  let project: Project;
  let server: BadgeServer;
  beforeAll(async () => {
    [built, server] = await Promise.all([buildPackage(), startBadgeServer([REDIRECT_URI], { tls: true })]);
    project = projectWith(built, { NODE_EXTRA_CA_CERTS: server.certFile });
  });
  afterAll(async () => {
    project.remove();
    built.remove();
    await server.close();
  });

  const example = (method: DocumentedMethod, filled: Partial<Filling> = {}) =>
    documentedExample(method, {
      platform: 'Node',
      environment: `https://localhost:${server.port}`,
      accessToken: server.accessToken,
      ...filled,
    });

  const loadings = [
    ['required', 'js', {}],
    ['imported', 'mjs', { importFrom: NAME }],
  ] as const;

  it.each(loadings)('runs the documented listing as it stands, %s', async (loaded, extension, filled) => {
    project.write(`list_${loaded}.${extension}`, example('getBadgesChats', filled));
    const { stdout, stderr } = await project.node(`list_${loaded}.${extension}`);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^getBadgesChats success! data: \{/);
    const shown: ChatBadgeEntityListing = JSON.parse(stdout.slice(stdout.indexOf('{')));
    expect(shown.pageSize).toBe(25);
    expect(shown.entities.length).toBeGreaterThan(1);
    const counts = shown.entities.map(({ entity: { jabberId }, unreadCount }) => ({ jabberId, unreadCount }));
    expect(counts).toEqual(await server.unread());
  });

  it.each(loadings)('runs the documented clearing as it stands, %s', async (loaded, extension, filled) => {
    await server.receive('jabberId_example');
    const before = await server.unread();
    expect(before[0]).toMatchObject({ jabberId: 'jabberId_example@app.badged' });
    project.write(`clear_${loaded}.${extension}`, example('deleteBadgesChat', filled));
    const { stdout, stderr } = await project.node(`clear_${loaded}.${extension}`);
    expect(stderr).toBe('');
    expect(stdout).toBe('deleteBadgesChat returned successfully.\n');
    expect(await server.unread()).toEqual(before.slice(1));
  });

  it('tells the documented program about a failure', async () => {
    project.write('fail.js', example('getBadgesChats', { accessToken: 'wrong' }));
    const { stdout, stderr } = await project.node('fail.js');
    expect(stdout).toBe('There was a failure calling getBadgesChats\n');
    expect(stderr).toMatch(/ApiError: .*\n/);
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
