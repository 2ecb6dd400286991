/**
 * Model-based testing: random sequences of steps, taken with the reference and with a store, and the answers
 * compared after every step (promise 9). BADGED_MODEL_RUNS says how many sequences; BADGED_MODEL_SEED and
 * BADGED_MODEL_PATH replay one that failed, and a failure prints the command line that does.
 */
import { relative } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Store } from '../../src/store/port.js';
import { ReferenceStore } from '../../src/store/reference/store.js';
import { Comparison } from './model/comparison.js';
import { type Step, stepOf } from './model/steps.js';
import type { StoreFactory, StoreUnderTest } from './store_under_test.js';

export interface ModelOptions {
  readonly runs: number;
  /** At most; half of it on average. */
  readonly commandsPerRun: number;
  readonly seed?: number;
  readonly path?: string;
  /** Sequences that run side by side, each in apps of its own (default: 1). */
  readonly atOnce?: number;
  /** Of all reads, one in so many is compared after each step, in turn; all of them at the end (default: 1). */
  readonly share?: number;
  /** Whether the first failure will do, however long. */
  readonly asFound?: boolean;
}

export function modelSuite(name: string, factory: StoreFactory, options: ModelOptions): void {
  const chosen = fromEnvironment(options);
  const title = `promise 9: ${name} answers as the reference does, after every step of random sequences`;
  test(title, { timeout: 86_400_000 }, async () => {
    const failures = await Promise.all(sideBySide(chosen).map((each) => findDifference(factory, each)));
    const failure = failures.find((each) => each !== undefined);
    if (failure) throw new Error(`${failure.report}\n\nReplay: ${replayLine(failure, title)}`);
  });
}

/** More than a lane ever has. */
const runsPerLane = 10_000_000;

export interface Failure {
  readonly report: string;
  readonly seed: number;
  readonly path: string;
}

/** The sequences that run side by side have the seeds from `seed` on. */
function sideBySide(options: ModelOptions): readonly (ModelOptions & { readonly lane: number })[] {
  const { runs, atOnce = 1, seed = Date.now() % 1_000_000_000, path } = options;
  if (path !== undefined) return [{ ...options, lane: 0 }];
  return Array.from({ length: Math.min(atOnce, runs) }, (_, lane) => ({
    ...options,
    lane,
    seed: seed + lane,
    runs: Math.ceil((runs - lane) / atOnce),
  }));
}

/** The smallest sequence found after which the store and the reference differ; undefined if none was. */
export async function findDifference(
  factory: StoreFactory,
  { lane = 0, ...options }: ModelOptions & { readonly lane?: number },
): Promise<Failure | undefined> {
  const bench = new Bench(factory, { firstRun: lane * runsPerLane, share: options.share ?? 1 });
  try {
    const steps = fc.array(stepOf(await bench.canReopen()), {
      minLength: 1,
      maxLength: options.commandsPerRun,
      size: 'max',
    });
    const details = await fc.check(
      fc.asyncProperty(steps, (sequence) => bench.run(sequence)),
      {
        numRuns: options.runs,
        ...(options.seed !== undefined && { seed: options.seed }),
        ...(options.path !== undefined && { path: options.path }),
        endOnFailure: options.path !== undefined || options.asFound === true,
      },
    );
    if (!details.failed) return undefined;
    const why = details.errorInstance instanceof Error ? details.errorInstance.message : 'interrupted';
    const report = `${why}\n\n${await fc.asyncDefaultReportMessage(details)}`;
    return { report, seed: details.seed, path: details.counterexamplePath ?? '' };
  } finally {
    await bench.close();
  }
}

/**
 * The two stores, used by one run after another, each in apps of its own: opening a store takes longer than a
 * run. After a failure both are replaced, so that a sequence is made smaller on fresh stores.
 */
class Bench {
  readonly #factory: StoreFactory;
  #reference = new ReferenceStore();
  #opened: StoreUnderTest | undefined;
  /** The one that is open: not the first any more, after a reopen. */
  #store: Store | undefined;
  readonly #share: number;
  #runs: number;

  /** Runs are numbered from the first one on: their apps are named after the number. */
  constructor(
    factory: StoreFactory,
    { firstRun, share }: { readonly firstRun: number; readonly share: number },
  ) {
    this.#factory = factory;
    this.#share = share;
    this.#runs = firstRun;
  }

  async canReopen(): Promise<boolean> {
    return (await this.#open()).reopen !== undefined;
  }

  async run(steps: readonly Step[]): Promise<void> {
    const { reopen, claimStep } = await this.#open();
    this.#runs += 1;
    const comparison = new Comparison(this.#reference, {
      store: await this.#storeInUse(),
      reopen: reopen && (async () => this.#keep(await reopen())),
      claimStep,
      runNumber: this.#runs,
      share: this.#share,
    });
    try {
      await comparison.start();
      for (const [index, step] of steps.entries()) await inStep(index, () => comparison.take(step));
      await comparison.finish();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  async close(): Promise<void> {
    const opened = this.#opened;
    this.#opened = undefined;
    this.#store = undefined;
    this.#reference = new ReferenceStore();
    await opened?.dispose();
  }

  async #open(): Promise<StoreUnderTest> {
    this.#opened ??= await this.#factory();
    return this.#opened;
  }

  async #storeInUse(): Promise<Store> {
    return this.#store ?? this.#keep((await this.#open()).store);
  }

  #keep(store: Store): Store {
    this.#store = store;
    return store;
  }
}

/** A sequence made smaller keeps steps after the one that failed: the report tells which one it was. */
async function inStep(index: number, take: () => Promise<void>): Promise<void> {
  try {
    await take();
  } catch (error) {
    throw new Error(`step ${index + 1}: ${error instanceof Error ? error.message : error}`, { cause: error });
  }
}

function fromEnvironment(options: ModelOptions): ModelOptions {
  const { BADGED_MODEL_RUNS: runs, BADGED_MODEL_SEED: seed, BADGED_MODEL_PATH: path } = process.env;
  return {
    ...options,
    ...(runs !== undefined && { runs: Number(runs) }),
    ...(seed !== undefined && { seed: Number(seed) }),
    ...(path !== undefined && { path }),
  };
}

function replayLine({ seed, path }: Failure, title: string): string {
  const { testPath } = expect.getState();
  const file = testPath === undefined ? '' : relative(process.cwd(), testPath);
  const variables = `BADGED_MODEL_SEED=${seed} BADGED_MODEL_PATH='${path}'`;
  return `${variables} npx vitest run ${file} -t '${title}'`;
}
