// The examples in headless Chromium, as serve.mjs serves them, in front of a badged server with one user.

import { type ChildProcess, spawn } from 'node:child_process';
import { createECDH } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../chromium.js';
import { type ServerProcess, startServerProcess } from '../platform/server/server_process.js';
import { buildPages } from './built_pages.js';

const serveScript = fileURLToPath(new URL('../../examples/serve.mjs', import.meta.url));
const USER = 'bob';
/** The service has no credentials, so that it sends nothing to the push services that browsers would name. */
const vapidPublicKey = createECDH('prime256v1').generateKeys('base64url');

export interface ExampleStage {
  readonly origin: string;
  readonly context: BrowserContext;
  /** What was wrong on any page since the last call: errors on consoles, and requests to other hosts. */
  complaints(): string[];
  /** The address of each stream that a page has asked for since the last call. */
  streamsAskedFor(): string[];
  /** How many streams the service has open now. */
  openStreams(): Promise<number>;
  /** Sets the user's badge, by their external count. */
  setCount(count: number): Promise<void>;
  setMode(mode: string): Promise<void>;
  devices(): Promise<unknown>;
  open(path: string): Promise<Page>;
  close(): Promise<void>;
}

export async function openExampleStage(): Promise<ExampleStage> {
  const [built, server, browser] = await Promise.all([buildPages(), startServerProcess(), launchBrowser()]);
  const app = await send(server, server.adminToken, 'POST', '/admin/apps', { name: 'An app' });
  const ofUser = `/apps/${app.id}/users/${USER}`;
  const inApp = (method: string, path: string, body?: unknown) =>
    send(server, String(app.token), method, ofUser + path, body);
  await inApp('PUT', '/badge', { external_unread_count: 0 });
  const examples = serve(server, app, built.folder);
  const origin = await originOf(examples);
  const context = await browser.newContext();
  await context.grantPermissions(['notifications'], { origin });
  await context.addInitScript(recordAppBadge);
  const { complaints, streams } = watch(context, origin);
  return {
    origin,
    context,
    complaints: () => complaints.splice(0),
    streamsAskedFor: () => streams.splice(0),
    openStreams: () => openStreams(server),
    setCount: async (count) => void (await inApp('PUT', '/badge', { external_unread_count: count })),
    setMode: async (badge_mode) =>
      void (await send(server, server.adminToken, 'PATCH', `/admin/apps/${app.id}`, { badge_mode })),
    devices: () => inApp('GET', '/push_tokens'),
    open: async (path) => {
      const page = await context.newPage();
      await page.goto(origin + path);
      return page;
    },
    close: async () => {
      await browser.close();
      examples.kill();
      await Promise.all([once(examples, 'exit'), server.stop()]);
      built.remove();
    },
  };
}

function serve(server: ServerProcess, app: Json, dist: string): ChildProcess {
  const argv = [serveScript, '--app', String(app.id), '--url', server.origin, '--user', USER];
  argv.push('--vapid-public-key', vapidPublicKey);
  return spawn(process.execPath, [...argv, '--port', '0', '--dist', dist], {
    env: { ...process.env, BADGED_TOKEN: String(app.token) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
}

/** It prints the address of each example. */
async function originOf(examples: ChildProcess): Promise<string> {
  if (examples.stdout === null) throw new Error('no standard output');
  for await (const line of createInterface({ input: examples.stdout })) {
    examples.stdout.resume();
    return new URL(line).origin;
  }
  throw new Error('The examples are not served.');
}

function watch(context: BrowserContext, origin: string) {
  const complaints: string[] = [];
  const streams: string[] = [];
  context.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  context.on('weberror', (error) => complaints.push(`uncaught: ${error.error().message}`));
  context.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(`${origin}/`) && !url.startsWith('data:')) complaints.push(`request to ${url}`);
    if (url.endsWith('/badge')) streams.push(url);
  });
  return { complaints, streams };
}

/** Headless, a browser has no icon to set: what it is asked for is all there is to see. */
function recordAppBadge(): void {
  const calls: unknown[] = [];
  Reflect.set(globalThis, 'appBadgeCalls', calls);
  const recording = (name: string) => ({
    configurable: true,
    value: async (...args: unknown[]) => void calls.push([name, ...args]),
  });
  Object.defineProperties(Navigator.prototype, {
    setAppBadge: recording('set'),
    clearAppBadge: recording('clear'),
  });
}

async function openStreams(server: ServerProcess): Promise<number> {
  const { text } = await server.request('GET', '/metrics');
  return Number(/^badged_open_streams (\d+)$/m.exec(text)?.[1]);
}

type Json = Record<string, unknown>;

async function send(
  server: ServerProcess,
  token: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Json> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const sent = body === undefined ? { headers } : { headers, body: JSON.stringify(body) };
  const { status, text } = await server.request(method, path, sent);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`);
  return text === '' ? {} : JSON.parse(text);
}
