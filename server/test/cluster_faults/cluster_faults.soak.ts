/**
 * Three servers over one PostgreSQL while everything breaks: no acknowledged write is lost or applied twice, no read is older
 * than a response before it, and every stream and device shows the true number in the end. It runs for BADGED_SOAK_MINUTES
 * (npm run soak -- cluster-faults), and BADGED_SOAK_MUTATE (lock, lookup) breaks the servers to show that it finds out.
 */
import { describe, expect, test } from 'vitest';
import { whyNoPostgres } from '../store/postgres/test_server.js';
import { asynchronousFailover, synchronousFailover } from './failover.js';
import { allFaults } from './faults.js';
import { mutated } from './mutated.js';
import { exclusiveChange, rollingChange } from './rolling_change.js';
import { faultRun } from './run.js';
import { takeovers } from './takeover.js';

const reason = whyNoPostgres();
const { BADGED_SOAK_MINUTES: minutes, BADGED_SOAK_SEED: seed, BADGED_SOAK_MUTATE: mutation } = process.env;
const say = (line: string) => console.log(line);

describe.skipIf(reason !== undefined)('a cluster with faults', () => {
  test('promises 5, 3 and 7: nothing acknowledged is lost or repeated, no read is old, every device is right in the end', async () => {
    const long = minutes !== undefined;
    const { problems, cuts } = await faultRun({
      seed: Number(seed ?? 1),
      seconds: long ? Number(minutes) * 60 : 0,
      clients: long ? 64 : 12,
      pauseMs: long ? [200, 4_000] : [50, 300],
      // What a killed server was pushing goes on when its claims ran out: that takes too long for a short run.
      faults: allFaults.filter((fault) => long || fault !== 'kill'),
      stopMs: long ? 10_000 : 1_000,
      settleMs: 240_000,
      ...(mutation !== undefined && { env: mutated(mutation) }),
      ...(long && { say }),
    });
    expect(problems).toEqual([]);
    expect(cuts).toBeGreaterThan(0);
  }, 7_200_000);

  if (process.env.BADGED_SOAK_FAILOVER !== undefined) {
    const failover = { seed: Number(seed ?? 1), clients: 16, trafficMs: 5_000, settleMs: 240_000, say };

    test('with a synchronous standby that is promoted under traffic, nothing acknowledged is missing', async () => {
      expect(await synchronousFailover(failover)).toEqual([]);
    }, 600_000);

    test('with an asynchronous one, what is missing is named in the log, and memory follows the database', async () => {
      const { losses, problems } = await asynchronousFailover(failover);
      expect(problems).toEqual([]);
      for (const { kept, written, named, missing } of losses) {
        expect(written).toBeGreaterThan(kept);
        // A server that wrote or read the last event names all of them; another one what it had.
        expect(named).toContainEqual([kept + 1, written]);
        for (const [first, last] of named) {
          expect(first).toBe(kept + 1);
          expect(last).toBeLessThanOrEqual(written);
        }
        expect(missing).toBeGreaterThan(0);
        expect(missing).toBeLessThanOrEqual(written - kept);
      }
    }, 600_000);
  }

  if (process.env.BADGED_SOAK_TAKEOVER !== undefined)
    test('promise 7: what a killed server was pushing goes on within 30 seconds', async () => {
      for (const { seconds, begun } of await takeovers(Number(process.env.BADGED_SOAK_TAKEOVER), say)) {
        expect(begun).toBeGreaterThan(0);
        expect(seconds).toBeLessThan(30);
      }
    }, 1_200_000);

  if (process.env.BADGED_SOAK_ROLLING !== undefined) {
    test('servers of this version and of a next one with a harmless migration serve together', async () => {
      const rolling = { seed: Number(seed ?? 1), clients: 16, trafficMs: 3_000, settleMs: 240_000, say };
      expect(await rollingChange(rolling)).toEqual([]);
    }, 600_000);

    test('before a migration that servers of this version cannot serve beside, they stop, and say why', async () => {
      const { old, logged, served, restarted } = await exclusiveChange();
      expect(old).toEqual([1, 2, 3].map(() => ({ ready: 503, read: 503, write: 503 })));
      // Requests and pushes that fail afterwards have it as their cause.
      expect(logged.match(/"msg":"A newer version of badged has changed the database/g)).toHaveLength(3);
      expect(served).toBe(0);
      expect(restarted).toContain('Start the newer version.');
    }, 600_000);
  }
});

if (reason !== undefined) test(`a cluster with faults is skipped: ${reason}`, (context) => context.skip());
