/**
 * Promise 5 in power cuts at any moment: real processes are recorded under load, and what a power cut may leave of the recording
 * is opened (power_cuts.ts). `npm run soak -- power-cut --images 100000` opens that many.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { randomNumbers } from '../push/random.js';
import { type Cut, type Recorded, recordRun, runCuts } from './cuts.js';
import { PowerCuts } from './power_cuts.js';
import type { FileOperation } from './recording.js';
import { straceProblem } from './strace.js';

const isSoak = process.env.BADGED_SOAK_IMAGES !== undefined;
const images = Number(process.env.BADGED_SOAK_IMAGES ?? 120);
const seed = Number(process.env.BADGED_SOAK_SEED ?? Math.floor(Math.random() * 1e6));
const problem = straceProblem();
if (problem !== undefined) console.warn(`Power cuts are not recorded here: ${problem}.`);

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'badged-cuts-'));
  return () => rmSync(scratch, { recursive: true });
});

describe('the images of a power cut', () => {
  test('have of each sector what was synced last, or what was written since', () => {
    const operation = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('write' as const),
          offset: fc.nat(3_000),
          length: fc.integer({ min: 1, max: 2_000 }),
        }),
      },
      fc.record({ kind: fc.constant('sync' as const) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 10 }), fc.nat(), (operations, number) => {
        const cuts = new PowerCuts();
        const random = randomNumbers(number);
        for (const each of [open, directorySync]) cuts.apply(each);
        /** What each byte may be. */
        let possible: Set<number>[] = Array.from({ length: 5_000 }, () => new Set([0]));
        for (const [index, each] of operations.entries()) {
          if (each.kind === 'sync') {
            cuts.apply({ kind: 'sync', file: 'a', succeeded: true });
            possible = possible.map((values) => new Set([[...values].at(-1) ?? 0]));
            continue;
          }
          const bytes = new Uint8Array(each.length).fill(index + 1);
          cuts.apply({ kind: 'write', file: 'a', offset: each.offset, bytes });
          for (let at = each.offset; at < each.offset + each.length; at += 1) {
            possible[at]?.delete(index + 1);
            possible[at]?.add(index + 1);
          }
        }
        const image = cuts.image(random).get('a') ?? new Uint8Array(0);
        expect(image.every((value, at) => possible[at]?.has(value))).toBe(true);
        const isSynced = operations.at(-1)?.kind === 'sync';
        if (isSynced) expect(cuts.isOpen).toBe(false);
      }),
      { numRuns: 100 },
    );
  });
});

const open: FileOperation = { kind: 'open', file: 'a', creates: true, truncates: false };
const directorySync: FileOperation = { kind: 'sync', file: '', succeeded: true };

describe.skipIf(problem !== undefined)(
  `promise 5: power cuts in a recorded run (BADGED_SOAK_SEED=${seed})`,
  () => {
    let run: Recorded;
    beforeAll(async () => {
      run = await recordRun(scratch, isSoak ? 'long' : 'short');
    }, 600_000);

    const cut = (options: Cut) => runCuts(run, scratch, randomNumbers(seed), options);

    test(`${images} images: each opens, nothing acknowledged is missing, and verify finds nothing`, async () => {
      const found = await cut({ images, onProgress: isSoak ? console.log : () => {} });
      expect(found.problems).toEqual([]);
      expect(found.images).toBe(images);
    });

    test('the same finds losses in a program that syncs nothing', async () => {
      const isKept = ({ kind }: FileOperation) => kind !== 'sync';
      expect((await cut({ images: isSoak ? 500 : 40, isKept })).problems).not.toEqual([]);
    });

    test.runIf(isSoak)('and in one that does not sync its log, or its database', async () => {
      for (const file of ['badged.db-wal', 'badged.db']) {
        const isKept = (operation: FileOperation) => operation.kind !== 'sync' || operation.file !== file;
        const { problems } = await cut({ images: 2_000, isKept });
        console.log(
          `without syncs of ${file}: ${problems.length} problems in 2,000 images, such as ${problems[0]}`,
        );
        expect(problems, file).not.toEqual([]);
      }
    });
  },
);
