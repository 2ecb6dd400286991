/** The pages of the dashboard as browsers get them: what is in their headers, what is found, and what is not. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LightMyRequestResponse } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openWorld, type World } from './world.js';

const page = (name: string) =>
  `<!doctype html><meta name="csp-nonce" content="__CSP_NONCE__"><style nonce="__CSP_NONCE__"></style>${name}`;

/** Binary, so that a detour through text would show. */
const icon = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff, 0x00, 0xfe]);

const files: Readonly<Record<string, string | Buffer>> = {
  'index.html': page('the dashboard'),
  'phone.html': page('the phone'),
  'favicon.svg': '<svg xmlns="http://www.w3.org/2000/svg"/>',
  'secret.txt': 'not for the public',
  'assets/index-Bq3x.js': 'plain()',
  'assets/index-Bq3x.js.br': 'as brotli',
  'assets/index-Bq3x.js.gz': 'as gzip',
  'assets/index-Cd4y.css': 'body{}',
  'assets/font-Ef5z.woff2': 'font',
  'assets/folder.js/inside': '',
  'assets/.hidden': 'not for the public',
  'phone/worker.js': 'self',
  'phone/manifest.webmanifest': '{}',
  'phone/icon-192.png': icon,
  'phone/notes.txt': 'not for the public',
};

let folder: string;
let world: World;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'badged-pages-'));
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  world = await openWorld({ pagesFolder: folder });
});
afterAll(async () => {
  await world.close();
  rmSync(folder, { recursive: true });
});

function get(url: string, headers: Readonly<Record<string, string>> = {}): Promise<LightMyRequestResponse> {
  return world.http.inject({ url, headers });
}

describe.each([
  ['/', 'the dashboard'],
  ['/phone', 'the phone'],
  ['/phone/', 'the phone'],
  ['/?utm=x', 'the dashboard'],
])('the page at %s', (url, content) => {
  test('is that page, with a nonce of its own each time in place of every placeholder', async () => {
    const nonces = [];
    for (const answer of [await get(url), await get(url)]) {
      expect([answer.statusCode, answer.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(answer.body).toContain(content);
      expect(answer.body).not.toContain('__CSP_NONCE__');
      const nonce = /style-src 'self' 'nonce-([\w+/]{22}==)';/.exec(
        `${answer.headers['content-security-policy']}`,
      )?.[1];
      const placed = [...answer.body.matchAll(/(?:content|nonce)="([^"]*)"/g)].map(([, value]) => value);
      expect(placed).toEqual([nonce, nonce]);
      nonces.push(nonce);
    }
    expect(new Set(nonces).size).toBe(2);
  });

  test('loads nothing from anywhere else, is in no frame, and is kept by nobody', async () => {
    const { headers } = await get(url);
    const policy = `${headers['content-security-policy']}`;
    expect(policy.replace(/nonce-[^']*/, 'nonce-…')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-…'; img-src 'self' data: blob:; " +
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; " +
        "form-action 'none'; frame-ancestors 'none'",
    );
    expect(headers).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(headers['set-cookie']).toBeUndefined();
  });
});

describe('the files that pages load', () => {
  test.each([
    ['/assets/index-Cd4y.css', 'text/css; charset=utf-8', 'public, max-age=31536000, immutable'],
    ['/assets/font-Ef5z.woff2', 'font/woff2', 'public, max-age=31536000, immutable'],
    ['/favicon.svg', 'image/svg+xml', 'public, max-age=3600'],
    ['/phone/icon-192.png', 'image/png', 'public, max-age=3600'],
    ['/phone/manifest.webmanifest', 'application/manifest+json', 'no-cache'],
    ['/phone/worker.js', 'text/javascript; charset=utf-8', 'no-cache'],
  ])('%s comes as it is, as %s', async (url, type, caching) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.rawPayload).toEqual(Buffer.from(files[url.slice(1)] ?? 'no such file'));
    expect(answer.headers).toMatchObject({
      'content-type': type,
      'cache-control': caching,
      'x-content-type-options': 'nosniff',
    });
    const head = await world.http.inject({ method: 'HEAD', url });
    expect([head.statusCode, head.body]).toEqual([200, '']);
  });

  test.each([
    ['gzip, deflate, br, zstd', 'br', 'as brotli'],
    ['gzip, deflate', 'gzip', 'as gzip'],
    ['br;q=0, gzip;q=0.5', 'gzip', 'as gzip'],
    ['BR', 'br', 'as brotli'],
    ['identity', undefined, 'plain()'],
    ['', undefined, 'plain()'],
  ])('compressed for those who take it: %j', async (accepted, encoding, content) => {
    const answer = await get('/assets/index-Bq3x.js', { 'accept-encoding': accepted });
    expect([answer.headers['content-encoding'], answer.body]).toEqual([encoding, content]);
    expect(answer.headers).toMatchObject({
      vary: 'accept-encoding',
      'content-type': 'text/javascript; charset=utf-8',
    });
  });

  test('not compressed where the build made no such file', async () => {
    const answer = await get('/assets/index-Cd4y.css', { 'accept-encoding': 'br' });
    expect([answer.headers['content-encoding'], answer.body]).toEqual([undefined, 'body{}']);
  });

  test('the service worker may control the page above it, and loads nothing from elsewhere', async () => {
    const { headers } = await get('/phone/worker.js');
    expect(headers['service-worker-allowed']).toBe('/phone');
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
  });
});

test.each([
  '/assets/index-Old1.js',
  '/assets/',
  '/assets/folder.js',
  '/assets/.hidden',
  '/assets/../secret.txt',
  '/assets/%2e%2e%2fsecret.txt',
  '/assets/..%2fsecret.txt',
  '/assets/..%5csecret.txt',
  '/assets/index-Cd4y.css%00',
  `/assets/${'x'.repeat(300)}`,
  '/phone/notes.txt',
  '/phone/..%2ficon.png',
  '/phone/icon-512.png',
  '/secret.txt',
  '/index.html',
])('%s is not there, and nobody keeps that answer', async (url) => {
  const answer = await get(url);
  expect(answer.statusCode).toBe(404);
  expect(answer.headers['cache-control']).toBe('no-store');
  expect(answer.body).not.toContain('not for the public');
});

test('the JSON API keeps its own, stricter policy, and the reference at /docs works as before', async () => {
  const policies = ['/healthz', '/admin/session', '/openapi.json', '/nothing'].map(
    async (url) => (await get(url)).headers['content-security-policy'],
  );
  expect(new Set(await Promise.all(policies))).toEqual(
    new Set(["default-src 'none'; frame-ancestors 'none'"]),
  );
  const docs = await get('/docs');
  expect(docs.statusCode).toBe(200);
  expect((await get('/docs/static/swagger-ui.css')).headers['content-type']).toMatch(/^text\/css/);
});

test('where the dashboard was not built, its address says how to build it', async () => {
  const bare = await openWorld({ pagesFolder: join(folder, 'nothing') });
  for (const url of ['/', '/phone']) {
    const answer = await bare.http.inject({ url });
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, 'text/plain; charset=utf-8']);
    expect(answer.body).toMatch(/^The dashboard is not built\. Build it with "npm run build/);
  }
  await bare.close();
});
