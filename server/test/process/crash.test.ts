/** Promise 5 with a real process, killed for real. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ReplayResult, replay } from '@badged/replay';
import { describe, expect, onTestFinished, test } from 'vitest';
import { verifyDirectory } from '../../src/compose.js';
import { randomNumbers } from '../push/random.js';
import { call, type ServerProcess, startServer } from './server_process.js';

const adminToken = 'an-admin-token-for-tests';
/** `npm run soak` kills more often. */
const kills = Number(process.env.BADGED_CRASH_KILLS ?? 3);
/** Enough that no round is the last one. */
const messages = 1_500 + 500 * kills;
const seed = Number(process.env.BADGED_CRASH_SEED ?? Math.floor(Math.random() * 1e6));

describe('promise 5: what was answered with a 2xx survives kill -9', () => {
  test(
    `${kills} kills at random moments of a replay: the same end state, and nothing answered is missing (BADGED_CRASH_SEED=${seed})`,
    async () => {
      const directory = mkdtempSync(join(tmpdir(), 'badged-crash-'));
      const dataDir = join(directory, 'data');
      const random = randomNumbers(seed);
      const start = () => startServer(dataDir, { BADGED_ADMIN_TOKEN: adminToken });
      let server = await start();
      onTestFinished(async () => {
        await server.kill();
        rmSync(directory, { recursive: true });
      });
      const { json } = await call(server, adminToken, 'POST', '/admin/apps', { name: 'replay' });
      const attempt = () => sendSome(server, String(json.id), String(json.token), join(directory, 'ledger'));

      let interrupted = 0;
      for (let kill = 0; kill < kills; kill += 1) {
        const attempted = attempt();
        await delay(100 + random() * 400);
        await server.kill();
        if ((await attempted) === undefined) interrupted += 1;
        server = await start();
      }
      expect(interrupted).toBeGreaterThan(kills / 2);

      const result = await attempt();
      expect(result?.differences).toEqual([]);
      expect(result?.participations).toBeGreaterThan(500);
      expect(await server.stop()).toBe(0);
      expect((await verifyDirectory(dataDir)).differences).toEqual([]);
      server = await start();
    },
    120_000 + 20_000 * kills,
  );
});

/** Resumes the replay: what was answered before is not sent again. Undefined if the server went away. */
async function sendSome(
  { url }: ServerProcess,
  appId: string,
  token: string,
  ledger: string,
): Promise<ReplayResult | undefined> {
  const options = {
    url,
    appId,
    token,
    ledger,
    resume: true,
    seed: 7,
    messages,
    concurrency: 32,
    timeout: 0,
  };
  return replay(options).catch((error: Error) => {
    if (error.message.includes('is unavailable')) return undefined;
    throw error;
  });
}
