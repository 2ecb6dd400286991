// Headless Chromium with one page, and a server for what it shows: the built scripts, and the HTML that tests put there.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { AuthData } from '../../src/platform/index.js';
import { launchBrowser } from '../chromium.js';
import type { BuiltPackage } from './built_package.js';

export interface Pages {
  readonly origin: string;
  /** Serves a page and says its address. */
  put(path: string, html: string): string;
  close(): Promise<void>;
}

async function servePages(built: BuiltPackage): Promise<Pages> {
  const pages = new Map<string, string>();
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const html = pages.get(path);
    if (html !== undefined) {
      response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html);
    } else if (/^\/platform_client(\.min)?\.m?js$/.test(path)) {
      response
        .writeHead(200, { 'Content-Type': 'text/javascript' })
        .end(readFileSync(join(built.folder, path)));
    } else {
      response.writeHead(path === '/favicon.ico' ? 204 : 404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('Not a TCP socket');
  const origin = `http://localhost:${address.port}`;
  return {
    origin,
    put: (path, html) => {
      pages.set(path, `<!doctype html><meta charset="utf-8"><title>A page</title>${html}`);
      return origin + path;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** One page for many tests, since opening one is what takes the time. */
export interface Stage {
  readonly pages: Pages;
  readonly page: Page;
  /** What the page's console said and what the page requested, since the test began. */
  readonly console: string[];
  readonly requests: string[];
  /** Forgets everything: storage, console and requests. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function openStage(built: BuiltPackage): Promise<Stage> {
  const [pages, browser] = await Promise.all([servePages(built), launchBrowser({ shareProcess: true })]);
  const blank = pages.put('/blank', '');
  // The certificates of the tests' services are of their own making.
  const context = await browser.newContext({ ignoreHTTPSErrors: true });
  const page = await context.newPage();
  const said: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => said.push(`uncaught: ${error.message}`));
  page.on('request', (request) => requests.push(request.url()));
  return {
    pages,
    page,
    console: said,
    requests,
    clear: async () => {
      await page.goto(blank);
      await page.evaluate('localStorage.clear(), sessionStorage.clear()');
      said.length = 0;
      requests.length = 0;
    },
    close: async () => {
      await browser.close();
      await pages.close();
    },
  };
}

/** What a page's program leaves in `window.outcome`. */
export interface Outcome {
  readonly auth?: AuthData;
  readonly message?: string;
  readonly error?: string;
  readonly address?: string;
}

/** Waits for the outcome, however many redirects it takes. */
export async function outcomeOf(page: Page): Promise<Outcome> {
  const handle = await page.waitForFunction<Outcome>('window.outcome');
  return handle.jsonValue();
}
