/**
 * How long 100 quiet devices wait for their number while 400 others change once a second: before that storm, in a storm whose
 * provider takes every push, and in one whose provider throttles the 400; on APNs and on FCM. The whole program, in real time,
 * and with `--against` another version of it after each round.
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
import { addWaits, bySecond, noWaits, type Waits, waitRow } from './waits.js';

const here = fileURLToPath(new URL('../../..', import.meta.url));
const chattyCount = 400;
const quietCount = 100;
/** A quiet device changes so rarely that its provider never throttles it: 13 times in all. */
const quietSeconds = 5;
const calmSeconds = 15;
const platforms = ['apns', 'fcm'] as const;
type Platform = (typeof platforms)[number];
/** How many pushes a device gets before its provider throttles it, and for how long the storm lasts. */
const storms = {
  throttled: { burst: 20, seconds: 45 },
  'not throttled': { burst: 1_000, seconds: 15 },
} as const;
type Storm = keyof typeof storms;

export const throttled: Benchmark = {
  name: 'throttled',
  summary: '100 quiet devices while 400 others are throttled by APNs, then by FCM',
  options: '--rounds (1) --against <built checkout>: the same with another version',
  run: (options) => inScratchDirectory((directory) => run(directory, options)),
};

/** Of the quiet ones, some change in the request of the chatty ones, and some at the same moment in one of their own. */
interface Sample {
  readonly together: Waits;
  readonly apart: Waits;
}

interface Measured {
  readonly calm: Sample;
  readonly storm: Sample;
  retries: number;
}

async function run(directory: string, { against, rounds = 1 }: Options): Promise<void> {
  const versions = [
    ['this version', here],
    ...(against === undefined ? [] : [['the other', against] as const]),
  ] as const;
  const measured = new Map<string, Measured>();
  for (let round = 1; round <= rounds; round += 1) {
    for (const platform of platforms) {
      for (const storm of ['not throttled', 'throttled'] as const) {
        for (const [name, checkout] of versions) {
          const key = `${name}, ${platform}, ${storm}`;
          progress(`${key}, round ${round} of ${rounds}`);
          const all = measured.get(key) ?? { calm: newSample(), storm: newSample(), retries: 0 };
          measured.set(key, all);
          await measure(checkout, join(directory, `${key} ${round}`), { platform, storm }, all);
        }
      }
    }
  }
  progress('');
  print(measured);
}

function newSample(): Sample {
  return { together: noWaits(), apart: noWaits() };
}

function print(measured: ReadonlyMap<string, Measured>): void {
  const rows: string[][] = [];
  for (const [key, { calm, storm, retries }] of measured) {
    for (const how of ['together', 'apart'] as const) {
      rows.push([...waitRow(`${key}, ${how}: before`, calm[how]), '']);
      rows.push([...waitRow(`${key}, ${how}: in the storm`, storm[how]), figure(retries)]);
    }
  }
  const heading = ['ms from a change to its push', 'p50', 'p99', 'longest', 'never arrived', 'retries'];
  console.log(table([heading, ...rows]));
  for (const [key, { storm }] of measured) {
    for (const how of ['together', 'apart'] as const)
      console.log(`\n${key}, ${how}: p50 / longest of each second of the storm\n${bySecond(storm[how])}`);
  }
}

async function measure(
  checkout: string,
  directory: string,
  { platform, storm }: { readonly platform: Platform; readonly storm: Storm },
  into: Measured,
): Promise<void> {
  const providers = await Providers.start(storms[storm].burst);
  const server = await CheckoutServer.start(checkout, directory, [], providers.env);
  try {
    const fleet = await Fleet.register(server, providers, platform);
    addSample(into.calm, await fleet.change(calmSeconds, false));
    addSample(into.storm, await fleet.change(storms[storm].seconds, true));
    into.retries += await fleet.retries();
  } finally {
    await server.stop();
    await providers.stop();
  }
}

function addSample(into: Sample, sample: Sample): void {
  addWaits(into.together, sample.together);
  addWaits(into.apart, sample.apart);
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
  async change(seconds: number, isStorm: boolean): Promise<Sample> {
    const sample = newSample();
    const beginning = performance.now();
    for (let passed = 0; passed < seconds; passed += 1) {
      this.#second += 1;
      const badge = this.#second;
      const together: Record<string, number> = {};
      const apart: Record<string, number> = {};
      for (const [index, token] of this.#tokens.entries()) {
        const isQuiet = index >= chattyCount;
        if (isQuiet ? index % quietSeconds !== badge % quietSeconds : !isStorm) continue;
        const isApart = isQuiet && Math.floor(index / quietSeconds) % 2 === 1;
        (isApart ? apart : together)[userOf(index)] = badge;
        if (isQuiet) this.#expect(isApart ? sample.apart : sample.together, passed, token);
      }
      await Promise.all([this.#setBadges(together), this.#setBadges(apart)]);
      await delay(Math.max(0, beginning + (passed + 1) * 1_000 - performance.now()));
    }
    await delay(2_000);
    return sample;
  }

  #expect(waits: Waits, second: number, token: string): void {
    waits.changes += 1;
    const ofSecond = waits.bySecond[second] ?? [];
    waits.bySecond[second] = ofSecond;
    this.#providers.expect(token, this.#second, (tookMs) => ofSecond.push(tookMs));
  }

  #setBadges(users: Readonly<Record<string, number>>): Promise<void> {
    const body = JSON.stringify({ users });
    return this.#send('POST', `/apps/${this.#app.id}/users/badge`, this.#app.token, body);
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
