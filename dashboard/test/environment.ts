/**
 * One server and one browser for all tests of the dashboard. A page that logs an error, or asks any other host for
 * anything, fails the test that opened it.
 */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { launchBrowser } from '../../client/test/chromium.js';
import { adminToken, type Served, serve } from './served.js';

export interface PageOptions {
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
  /** Default: signed in. */
  readonly signedIn?: boolean;
  /** Errors that the browser itself logs, such as of an answer with 401, and that are meant. */
  readonly expectedErrors?: RegExp;
  /** The test is about what other origins can do. */
  readonly otherOrigins?: boolean;
}

export class DashboardEnvironment {
  #served: Served | undefined;
  #browser: Browser | undefined;
  /** Of whoever is signed in: what one page loaded, the next has at hand. */
  #shared: BrowserContext | undefined;
  /** A signed-in page that nobody uses: a new one costs half a second of a processor. */
  #idle: Page | undefined;
  readonly #open = new Set<BrowserContext>();
  #problems: string[] = [];

  constructor() {
    beforeAll(async () => {
      [this.#served, this.#browser] = await Promise.all([serve(), launchBrowser({ shareProcess: true })]);
      this.#shared = await this.#signIn();
    });
    afterEach(async () => {
      await this.#tidy();
      const problems = this.#problems.splice(0);
      expect(problems, 'errors and foreign requests of the pages').toEqual([]);
    });
    afterAll(async () => {
      await this.#browser?.close();
      await this.#served?.stop();
    });
  }

  get served(): Served {
    if (this.#served === undefined) throw new Error('The server has not started.');
    return this.#served;
  }

  get url(): string {
    return this.served.url;
  }

  /** The demo app. */
  get app(): string {
    return this.served.app;
  }

  /** Of the demo app. */
  get token(): string {
    return this.served.token;
  }

  /** A page with nothing stored. Where it goes is the test's business: `await page.goto(environment.url + '/#/apps')`. */
  async page(options: PageOptions = {}): Promise<Page> {
    const { colorScheme = 'light', width = 1280, signedIn = true } = options;
    const page = signedIn ? await this.#signedInPage() : await (await this.#newContext()).newPage();
    // A load on a busy machine takes longer than Playwright's 30 seconds.
    page.setDefaultTimeout(60_000);
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    this.#watch(page, options);
    return page;
  }

  async #signedInPage(): Promise<Page> {
    const idle = this.#idle;
    this.#idle = undefined;
    if (idle !== undefined) return idle;
    if (this.#shared === undefined) throw new Error('Nobody has signed in yet.');
    return this.#shared.newPage();
  }

  /** One page is kept, without anything that it stored or that listened to it. */
  async #tidy(): Promise<void> {
    const [kept, ...others] = this.#shared?.pages() ?? [];
    await Promise.all([...this.#open, ...others].map((each) => each.close()));
    this.#open.clear();
    if (kept === undefined) return;
    if (kept.url().startsWith('http'))
      await kept.evaluate(() => {
        localStorage.clear();
        sessionStorage.clear();
      });
    await kept.goto('about:blank');
    for (const event of ['console', 'pageerror', 'request', 'response'] as const)
      kept.removeAllListeners(event);
    this.#idle = kept;
  }

  async #newContext(): Promise<BrowserContext> {
    if (this.#browser === undefined) throw new Error('The browser has not started.');
    const context = await this.#browser.newContext();
    this.#open.add(context);
    return context;
  }

  /** HTTP as the demo app's backend, or below /admin as the administrator. */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const token = path.startsWith('/admin') ? adminToken : this.token;
    const answer = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** As a person does: with the token. */
  async #signIn() {
    const page = await this.page({ signedIn: false, expectedErrors: /401/ });
    await page.goto(this.url);
    await page.getByLabel('Admin token').fill(adminToken);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('navigation', { name: 'Pages' }).waitFor({ state: 'attached' });
    await page.close();
    this.#open.delete(page.context());
    return page.context();
  }

  #watch(page: Page, { expectedErrors: expected, otherOrigins = false }: PageOptions): void {
    const report = (problem: string) => {
      if (expected === undefined || !expected.test(problem)) this.#problems.push(problem);
    };
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') report(message.text());
    });
    page.on('pageerror', (error) => report(String(error)));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      if (!otherOrigins && protocol.startsWith('http') && origin !== this.url)
        this.#problems.push(`request to ${request.url()}`);
    });
  }
}
