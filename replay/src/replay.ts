/**
 * A client of a running badged server that does what an app's backend does, with the traffic of a real chat:
 * it sends a whole workload through the HTTP API, with reads between, and then compares every user's counts,
 * conversation by conversation, with its own brute-force count. It is an independent witness: it knows the
 * HTTP API and nothing of the server's insides, and imports neither the core nor any other folder.
 */
import { BackendClient } from './backend_client.js';
import { type ComparisonState, compare, type Difference } from './compare.js';
import { sendPlan } from './driver.js';
import { generateWorkload } from './generator.js';
import { Identifiers } from './identifiers.js';
import { Ledger } from './ledger.js';
import { makePlan, type Plan } from './plan.js';
import { Meter, type ReplayEvent } from './progress.js';
import { ReplayError } from './replay_error.js';
import { Truth } from './truth.js';
import { readWorkload } from './workload.js';

export const DEFAULTS = {
  seed: 1,
  concurrency: 64,
  patienceSeconds: 60,
  /** How many messages are made up when there is no file. */
  generatedMessages: 20_000,
} as const;

export interface ReplayOptions {
  /** The server, for example http://127.0.0.1:8080. */
  readonly url: string;
  /** An app of its own: whatever else is in it would differ from the replay's count. */
  readonly appId: string;
  /** One of that app's tokens. */
  readonly token: string;
  /** A recorded workload, .tsv or .tsv.gz; without it one is made up. */
  readonly file?: string | undefined;
  /** Stop after so many messages. */
  readonly messages?: number | undefined;
  readonly seed: number;
  /** Requests under way at the same time. */
  readonly concurrency: number;
  /** Where to record the index of every operation that was answered with a 2xx. */
  readonly ledger?: string | undefined;
  /** Leave out the operations that the ledger holds already. */
  readonly resume?: boolean | undefined;
  /** For how many seconds the server may stay away before the replay gives up. */
  readonly patience: number;
  readonly onProgress?: ((event: ReplayEvent) => void) | undefined;
}

export interface ReplayResult {
  /** The file, or a sentence that says the workload was made up. */
  readonly workload: string;
  readonly seed: number;
  readonly operations: number;
  readonly messages: number;
  readonly reads: number;
  readonly deletions: number;
  readonly retries: number;
  /** How long the sending took. */
  readonly seconds: number;
  readonly users: number;
  /** Pairs of a user and a conversation whose counts were compared. */
  readonly participations: number;
  readonly differenceCount: number;
  /** The first twenty. */
  readonly differences: readonly Difference[];
}

const PROGRESS_INTERVAL_MS = 250;
/** Retries closer together than this are one outage, which is said once. */
const SAME_TROUBLE_MS = 5_000;

export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  checkNumbers(options);
  if (options.resume === true && options.ledger === undefined) {
    throw new ReplayError('To resume, a replay needs the ledger of the run before.');
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

function checkNumbers({ seed, concurrency, patience, messages }: ReplayOptions): void {
  const whole = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;
  if (!whole(seed, 0) || seed > 0xffff_ffff) {
    throw new ReplayError('The seed must be a whole number from 0 to 4294967295.');
  }
  if (!whole(concurrency, 1)) throw new ReplayError('The concurrency must be a whole number of at least 1.');
  if (!(patience >= 0)) throw new ReplayError('The patience must be a number of seconds, 0 or more.');
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
    patienceMs: options.patience * 1_000,
    onRetry: (reason) => {
      // Every lane meets the same trouble, each in its own way; the progress counts the retries.
      const now = performance.now();
      const isNewTrouble = now - lastRetryAt > SAME_TROUBLE_MS;
      lastRetryAt = now;
      if (isNewTrouble) note(`${options.url}: ${reason}; trying again for up to ${options.patience} s`);
    },
  });
}

async function planFor(
  options: ReplayOptions,
  onProgress: (event: ReplayEvent) => void,
): Promise<{ plan: Plan; workload: string }> {
  const { file, seed, messages } = options;
  const count = messages ?? DEFAULTS.generatedMessages;
  const workload = file ?? `MADE UP (${count} messages, no file was given)`;
  const source = file === undefined ? generateWorkload(seed, count) : readWorkload(file, messages);
  if (file === undefined) {
    onProgress({
      type: 'note',
      text:
        'NO WORKLOAD FILE GIVEN: replaying a MADE-UP workload, generated with the skew of a real chat ' +
        `server (${count} messages, seed ${seed}). Give a .tsv or .tsv.gz file to replay a recorded one.`,
    });
  }
  onProgress({
    type: 'note',
    text: `Reads and deletions are not in any workload: they are made up, with seed ${seed}.`,
  });
  const state = { done: 0, inFlight: 0 };
  const total = file === undefined ? count : undefined;
  const plan = await watched(
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
    const drive = {
      plan,
      client,
      ...place(options),
      concurrency: options.concurrency,
      ...(ledger === undefined ? {} : { ledger }),
      ...(ledger !== undefined && options.resume === true ? { skip: ledger.answered } : {}),
    };
    const retries = () => client.retries;
    await watched('sending', plan.operations.length, state, retries, onProgress, () =>
      sendPlan(drive, state),
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
  const truth = new Truth();
  for (const operation of plan.operations) truth.apply(operation);
  const state: ComparisonState = {
    done: 0,
    inFlight: 0,
    participations: 0,
    differenceCount: 0,
    differences: [],
  };
  const comparison = { truth, client, ...place(options), concurrency: options.concurrency };
  const retries = () => client.retries;
  await watched('comparing', plan.users.length, state, retries, onProgress, () => compare(comparison, state));
  return state;
}

function place(options: ReplayOptions): { app: string; ids: Identifiers } {
  return { app: `/apps/${encodeURIComponent(options.appId)}`, ids: new Identifiers(options.seed) };
}

/** Runs one phase and tells its progress a few times a second, and once more at its end. */
async function watched<Result>(
  phase: 'planning' | 'sending' | 'comparing',
  total: number | undefined,
  state: { readonly done: number; readonly inFlight: number },
  retries: () => number,
  onProgress: (event: ReplayEvent) => void,
  work: () => Promise<Result>,
): Promise<Result> {
  const meter = new Meter();
  const tell = (of: number | undefined) => {
    const { done, inFlight } = state;
    const perSecond = meter.sample(performance.now(), done);
    onProgress({ type: 'progress', phase, done, total: of, perSecond, inFlight, retries: retries() });
  };
  tell(total);
  const timer = setInterval(() => tell(total), PROGRESS_INTERVAL_MS);
  try {
    const result = await work();
    tell(state.done);
    return result;
  } finally {
    clearInterval(timer);
  }
}
