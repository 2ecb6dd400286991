/**
 * Promise 7, whole: random traffic over HTTP against the real program in a process of its own, killed twice
 * with kill -9, while the providers delay, refuse, cut, hold and say GOAWAY at random. When it goes quiet,
 * every device shows what the API says. BADGED_CONVERGE_SEEDS sets how many seeds, BADGED_CONVERGE_SEED the
 * first one; a failure names its seed.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Act } from '@badged/dev-push';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from './delivery_world.js';
import { type Providers, startProviders } from './providers.js';
import { chance, pick, type Random, randomNumbers } from './random.js';
import { SoakClient } from './soak_client.js';
import { type SoakServer, startSoakServer } from './soak_server.js';

const seeds = Number(process.env.BADGED_CONVERGE_SEEDS ?? 2);
const first = Number(process.env.BADGED_CONVERGE_SEED ?? Math.floor(Math.random() * 1e6));
const trafficMs = 1_500;
/** Below `confirmMs`: what arrives later than a device's confirmation is outside of the promise (SPEC.md, gaps). */
const longestWaitMs = 1_000;

/** What a provider does to one request, most of the time nothing. */
function misbehaviour(random: Random): Act {
  if (chance(random, 0.55)) return {};
  return pick<() => Act>(random, [
    () => ({ delayMs: random() * 150 }),
    () => ({ reply: { status: 503, body: '{"reason":"ServiceUnavailable"}' } }),
    () => ({
      reply: { status: 429, headers: { 'retry-after': '1' }, body: '{"reason":"TooManyRequests"}' },
    }),
    () => ({ reply: { status: 500, body: '{"reason":"InternalServerError"}' } }),
    () => ({ cut: 'before' }),
    () => ({ cut: 'after' }),
    () => ({ goaway: { processed: chance(random, 0.5) } }),
    () => ({ hold: 'request' }),
    () => ({ hold: 'reply' }),
  ])();
}

async function killTwice(server: SoakServer, random: Random): Promise<void> {
  for (let kill = 0; kill < 2; kill += 1) {
    await delay(random() * trafficMs * 0.6);
    await server.killAndRestart();
  }
}

async function traffic(client: SoakClient, random: Random): Promise<void> {
  const end = Date.now() + trafficMs;
  while (Date.now() < end) {
    await client.doSomething(random);
    await delay(random() * 20);
  }
}

/** As long as anything may still be held: on a busy machine, starting again takes longer than the traffic. */
async function releaseNowAndThen(
  { scripts }: Providers,
  random: Random,
  isOver: () => boolean,
): Promise<void> {
  while (!isOver()) {
    await delay(100 + random() * 300);
    for (const script of scripts) script.release(chance(random, 0.5) ? 'newest first' : 'oldest first');
  }
}

describe('promise 7: when events stop, the last number that every reachable device accepted equals the badge', () => {
  for (let seed = first; seed < first + seeds; seed += 1) {
    test(`under delays, reorderings, refusals, cuts, GOAWAYs and two kill -9s (BADGED_CONVERGE_SEED=${seed})`, async () => {
      const random = randomNumbers(seed);
      const directory = mkdtempSync(join(tmpdir(), 'badged-converge-'));
      const providers = await startProviders();
      const server = await startSoakServer(join(directory, 'data'), providers);
      onTestFinished(async () => {
        await server.kill();
        await providers.close();
        rmSync(directory, { recursive: true });
      });
      const client = await SoakClient.open(server, providers);
      for (const script of providers.scripts) {
        script.decide = () => misbehaviour(random);
        script.longestWaitMs = longestWaitMs;
      }

      let isOver = false;
      const events = Promise.all([
        traffic(client, random),
        traffic(client, random),
        killTwice(server, random),
      ]).finally(() => {
        isOver = true;
      });
      await Promise.all([events, releaseNowAndThen(providers, random, () => isOver)]);
      for (const script of providers.scripts) {
        script.clear();
        script.release();
      }

      const check = async () => {
        const { shown, true: truth } = await client.compare();
        expect(shown).toEqual(truth);
        expect(Object.keys(truth).length).toBeGreaterThan(5);
      };
      await eventually(check, 60_000);
      // Once everything that was in flight has arrived, nothing undoes it.
      await eventually(() => expect(providers.scripts.map((script) => script.pending)).toEqual([0, 0]));
      await eventually(check, 60_000);
    }, 240_000);
  }
});
