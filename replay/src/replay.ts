/**
 * Sends a chat workload through the HTTP API of a running server, as an app's backend would, and compares every
 * user's counts with its own brute-force count. It is an independent check: it uses the HTTP API only, and
 * imports no other package of badged.
 */
import { BackendClient } from './backend_client.js';
import { type ComparisonState, compare } from './compare.js';
import { ExpectedCounts } from './expected_counts.js';
import { generateWorkload } from './generator.js';
import { Identifiers } from './identifiers.js';
import { Ledger } from './ledger.js';
import { makePlan, type Plan } from './plan.js';
import { Meter, type ReplayEvent } from './progress.js';
import { ReplayError } from './replay_error.js';
import type { ReplayResult } from './replay_result.js';
import { sendPlan } from './send_plan.js';
import { readWorkload } from './workload.js';

export const replayDefaults = {
  seed: 1,
  concurrency: 64,
  timeoutSeconds: 60,
  /** How many messages are generated if there is no file. */
  generatedMessages: 20_000,
} as const;

export interface ReplayOptions {
  /** The server's URL, such as http://127.0.0.1:8080, or several separated by commas: each request goes to the next one. */
  readonly url: string;
  /** An app that nothing else writes to: anything else in it would count as a difference. */
  readonly appId: string;
  /** An app token of that app. */
  readonly token: string;
  /** A recorded workload, .tsv or .tsv.gz; if absent, one is generated. */
  readonly file?: string | undefined;
  /** The most messages to send. */
  readonly messages?: number | undefined;
  readonly seed: number;
  /** The most requests in flight. */
  readonly concurrency: number;
  /** The file that records the index of every operation with a 2xx response. */
  readonly ledger?: string | undefined;
  /** Skips the operations that the ledger already has. */
  readonly resume?: boolean | undefined;
  /** Seconds for which the server may be unavailable before the replay fails. */
  readonly timeout: number;
  readonly onProgress?: ((event: ReplayEvent) => void) | undefined;
}

const progressIntervalMs = 250;
/** Retries closer together than this are one outage, and reported once. */
const sameOutageMs = 5_000;

export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  checkNumbers(options);
  if (options.resume === true && options.ledger === undefined) {
    throw new ReplayError('--resume needs the --ledger of the run before.');
  }
  const onProgress = options.onProgress ?? (() => {});
  const note = (text: string) => onProgress({ type: 'note', text });
  const client = clientFor(options, note);
  try {
    const { plan, workload } = await planFor(options, onProgress);
    const started = performance.now();
    await send(options, plan, client, onProgress);
    const seconds = (performance.now() - started) / 1_000;
    const found = await compareAll(options, plan, client, onProgress);
    return {
      workload,
      seed: plan.seed,
      operations: plan.operations.length,
      messages: plan.messages,
      reads: plan.reads,
      deletions: plan.deletions,
      retries: client.retries,
      seconds,
      users: found.done,
      participations: found.participations,
      differenceCount: found.differenceCount,
      differences: found.differences,
    };
  } finally {
    await client.close();
  }
}

function checkNumbers({ seed, concurrency, timeout, messages }: ReplayOptions): void {
  const whole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;
  if (!whole(seed, 0) || seed > 0xffff_ffff) {
    throw new ReplayError('The seed must be a whole number from 0 to 4294967295.');
  }
  if (!whole(concurrency, 1)) throw new ReplayError('The concurrency must be a whole number of at least 1.');
  if (!(timeout >= 0)) throw new ReplayError('The timeout must be a number of seconds of at least 0.');
  if (messages !== undefined && !whole(messages, 1)) {
    throw new ReplayError('The number of messages must be a whole number of at least 1.');
  }
}

function clientFor(options: ReplayOptions, note: (text: string) => void): BackendClient {
  let lastRetryAt = Number.NEGATIVE_INFINITY;
  return new BackendClient({
    url: options.url,
    token: options.token,
    connections: options.concurrency,
    outageTimeoutMs: options.timeout * 1_000,
    onRetry: (reason) => {
      // Many requests meet the same outage. The progress counts their retries.
      const now = performance.now();
      const isNewOutage = now - lastRetryAt > sameOutageMs;
      lastRetryAt = now;
      if (isNewOutage) note(`${options.url}: ${reason}; retrying for up to ${options.timeout} s`);
    },
  });
}

async function planFor(
  options: ReplayOptions,
  onProgress: (event: ReplayEvent) => void,
): Promise<{ plan: Plan; workload: string }> {
  const { file, seed, messages } = options;
  const count = messages ?? replayDefaults.generatedMessages;
  const workload = file ?? `GENERATED (${count} messages; no file was given)`;
  const source = file === undefined ? generateWorkload(seed, count) : readWorkload(file, messages);
  if (file === undefined) {
    onProgress({
      type: 'note',
      text:
        `NO WORKLOAD FILE GIVEN: replaying a GENERATED workload of ${count} messages (seed ${seed}) with the ` +
        'skew of a real chat server. Give a .tsv or .tsv.gz file to replay a recorded one.',
    });
  }
  onProgress({
    type: 'note',
    text: `Reads and deletions are generated too, with seed ${seed}: workloads do not contain them.`,
  });
  const state = { done: 0, inFlight: 0 };
  const total = file === undefined ? count : undefined;
  const plan = await withProgress(
    'planning',
    total,
    state,
    () => 0,
    onProgress,
    () =>
      makePlan(source, seed, (done) => {
        state.done = done;
      }),
  );
  return { plan, workload };
}

async function send(
  options: ReplayOptions,
  plan: Plan,
  client: BackendClient,
  onProgress: (event: ReplayEvent) => void,
): Promise<void> {
  const ledger = options.ledger === undefined ? undefined : new Ledger(options.ledger, plan);
  try {
    const state = { done: 0, inFlight: 0 };
    const job = {
      plan,
      client,
      ...scope(options),
      concurrency: options.concurrency,
      ...(ledger === undefined ? {} : { ledger }),
      ...(ledger !== undefined && options.resume === true ? { skip: ledger.completed } : {}),
    };
    const retries = () => client.retries;
    await withProgress('sending', plan.operations.length, state, retries, onProgress, () =>
      sendPlan(job, state),
    );
  } finally {
    ledger?.close();
  }
}

async function compareAll(
  options: ReplayOptions,
  plan: Plan,
  client: BackendClient,
  onProgress: (event: ReplayEvent) => void,
): Promise<ComparisonState> {
  const expected = new ExpectedCounts();
  for (const operation of plan.operations) expected.apply(operation);
  const state: ComparisonState = {
    done: 0,
    inFlight: 0,
    participations: 0,
    differenceCount: 0,
    differences: [],
  };
  const comparison = { expected, client, ...scope(options), concurrency: options.concurrency };
  const retries = () => client.retries;
  await withProgress('comparing', plan.users.length, state, retries, onProgress, () =>
    compare(comparison, state),
  );
  return state;
}

function scope(options: ReplayOptions): { app: string; ids: Identifiers } {
  return { app: `/apps/${encodeURIComponent(options.appId)}`, ids: new Identifiers(options.seed) };
}

/** Runs one phase, and reports its progress a few times a second and at its end. */
async function withProgress<Result>(
  phase: 'planning' | 'sending' | 'comparing',
  total: number | undefined,
  state: { readonly done: number; readonly inFlight: number },
  retries: () => number,
  onProgress: (event: ReplayEvent) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const meter = new Meter();
  const report = (of: number | undefined) => {
    const { done, inFlight } = state;
    const perSecond = meter.sample(performance.now(), done);
    onProgress({ type: 'progress', phase, done, total: of, perSecond, inFlight, retries: retries() });
  };
  report(total);
  const timer = setInterval(() => report(total), progressIntervalMs);
  try {
    const result = await work();
    report(state.done);
    return result;
  } finally {
    clearInterval(timer);
  }
}
