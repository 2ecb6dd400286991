/**
 * How long 100 quiet devices wait for their number while 400 others change once a second and are throttled by their
 * provider, on APNs and on FCM: before the storm, and in it. The whole program, in real time, and with `--against`
 * another version of it after that.
 */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Options } from '../benchmark.js';
import { progress } from '../measure/progress.js';
import { inScratchDirectory } from '../measure/scratch.js';
import { figure, table } from '../measure/text.js';
import { CheckoutServer } from '../versus/checkout.js';
import { Providers } from './providers.js';

const here = fileURLToPath(new URL('../../..', import.meta.url));
const chattyCount = 400;
const quietCount = 100;
/** A quiet device changes so rarely that its provider never throttles it: 13 times in all. */
const quietSeconds = 5;
const calmSeconds = 15;
const stormSeconds = 45;
const platforms = ['apns', 'fcm'] as const;
type Platform = (typeof platforms)[number];

export const throttled: Benchmark = {
  name: 'throttled',
  summary: '100 quiet devices while 400 others are throttled by APNs, then by FCM',
  options: '--against <built checkout>: the same with another version',
  run: (options) => inScratchDirectory((directory) => run(directory, options)),
};

interface Waits {
  /** Of the numbers that arrived, in milliseconds. */
  readonly tookMs: number[];
  changes: number;
}

interface Sample {
  readonly calm: Waits;
  readonly storm: Waits;
  readonly retries: number;
}

async function run(directory: string, { against }: Options): Promise<void> {
  const rows: string[][] = [];
  for (const [name, checkout] of [
    ['this version', here],
    ...(against === undefined ? [] : [['the other', against] as const]),
  ] as const) {
    for (const platform of platforms) {
      progress(`${name}, ${platform}`);
      const sample = await measure(checkout, join(directory, `${name} ${platform}`), platform);
      rows.push(row(`${name}, ${platform}, before`, sample.calm, ''));
      rows.push(row(`${name}, ${platform}, in the storm`, sample.storm, figure(sample.retries)));
    }
  }
  progress('');
  console.log(
    table([['ms from a change to its push', 'p50', 'p99', 'longest', 'never arrived', 'retries'], ...rows]),
  );
}

function row(name: string, { tookMs, changes }: Waits, retries: string): string[] {
  const sorted = [...tookMs].sort((a, b) => a - b);
  // What never arrived took longer than anything.
  const at = (share: number) => figure(sorted[Math.ceil(changes * share) - 1] ?? Number.POSITIVE_INFINITY);
  const lost = changes - tookMs.length;
  return [name, at(0.5), at(0.99), figure(sorted.at(-1) ?? Number.NaN), `${lost} of ${changes}`, retries];
}

async function measure(checkout: string, directory: string, platform: Platform): Promise<Sample> {
  const providers = await Providers.start();
  const server = await CheckoutServer.start(checkout, directory, [], providers.env);
  try {
    const fleet = await Fleet.register(server, providers, platform);
    const calm = await fleet.change(calmSeconds, false);
    const storm = await fleet.change(stormSeconds, true);
    return { calm, storm, retries: await fleet.retries() };
  } finally {
    await server.stop();
    await providers.stop();
  }
}

interface App {
  readonly id: string;
  readonly token: string;
}

/** The devices of an app, each of a user of its own. */
class Fleet {
  readonly #server: CheckoutServer;
  readonly #app: App;
  readonly #providers: Providers;
  readonly #platform: Platform;
  readonly #tokens: readonly string[];
  #second = 0;

  private constructor(
    server: CheckoutServer,
    app: App,
    providers: Providers,
    platform: Platform,
    tokens: readonly string[],
  ) {
    this.#server = server;
    this.#app = app;
    this.#providers = providers;
    this.#platform = platform;
    this.#tokens = tokens;
  }

  static async register(server: CheckoutServer, providers: Providers, platform: Platform): Promise<Fleet> {
    const app = await server.createApp();
    const tokens = Array.from({ length: chattyCount + quietCount }, () => randomBytes(32).toString('hex'));
    const fleet = new Fleet(server, app, providers, platform, tokens);
    const path = `/admin/apps/${app.id}/push/${platform}`;
    await fleet.#send('PUT', path, server.adminToken, providers.credentials[platform]);
    for (const [index, token] of tokens.entries()) {
      const bundle = platform === 'apns' ? { apns_bundle_id: 'com.example.chat' } : {};
      const body = JSON.stringify({ device_id: userOf(index), type: platform, token, ...bundle });
      await fleet.#send('POST', `/apps/${app.id}/users/${userOf(index)}/push_tokens`, app.token, body);
    }
    await delay(2_000);
    return fleet;
  }

  /** Every second a fifth of the quiet ones changes, and in a storm all chatty ones. */
  async change(seconds: number, isStorm: boolean): Promise<Waits> {
    const waits: Waits = { tookMs: [], changes: 0 };
    const beginning = performance.now();
    for (let passed = 0; passed < seconds; passed += 1) {
      this.#second += 1;
      const badge = this.#second;
      const users: Record<string, number> = {};
      for (const [index, token] of this.#tokens.entries()) {
        const isQuiet = index >= chattyCount;
        if (isQuiet ? index % quietSeconds !== badge % quietSeconds : !isStorm) continue;
        users[userOf(index)] = badge;
        if (!isQuiet) continue;
        waits.changes += 1;
        this.#providers.expect(token, badge, (tookMs) => waits.tookMs.push(tookMs));
      }
      await this.#send(
        'POST',
        `/apps/${this.#app.id}/users/badge`,
        this.#app.token,
        JSON.stringify({ users }),
      );
      await delay(Math.max(0, beginning + (passed + 1) * 1_000 - performance.now()));
    }
    await delay(2_000);
    return waits;
  }

  /** How many pushes were to be tried again, as the server counts them. */
  async retries(): Promise<number> {
    const text = await (
      await fetch(`${this.#server.url}/metrics`, {
        headers: { authorization: `Bearer ${this.#server.adminToken}` },
      })
    ).text();
    const line = new RegExp(
      `^badged_pushes_total\\{platform="${this.#platform}",verdict="retry"\\} (\\d+)`,
      'm',
    );
    return Number(line.exec(text)?.[1] ?? 0);
  }

  async #send(method: string, path: string, token: string, body: string): Promise<void> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const response = await fetch(`${this.#server.url}${path}`, { method, headers, body });
    if (!response.ok)
      throw new Error(`${method} ${path} failed with ${response.status}: ${await response.text()}`);
    await response.arrayBuffer();
  }
}

function userOf(index: number): string {
  return index < chattyCount ? `chatty-${index}` : `quiet-${index}`;
}
