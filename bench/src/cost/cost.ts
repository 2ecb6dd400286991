/**
 * For how long the largest and the most hostile requests keep others waiting: for each operation of the API its largest
 * allowed input and every hostile shape, and the requests that an earlier version took too long for. The tables go into
 * docs/costs.md.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Benchmark, Options } from '../benchmark.js';
import { progress } from '../measure/progress.js';
import { inScratchDirectory } from '../measure/scratch.js';
import { figure, table } from '../measure/text.js';
import { knownRows } from './known_rows.js';
import { type LargeWorld, openLargeWorld } from './large_world.js';
import type { LargestInput } from './largest_input.js';
import { largestInputs } from './largest_inputs.js';
import { type ApiOperation, HostileRequests, readOperations } from './operations.js';
import { boundMs, CostsPage, type KnownCost, type Measured, type OperationCosts, rank } from './report.js';
import { holdUnfinishedBodies } from './unfinished_bodies.js';
import { type Cost, type CostlyRequest, pause, Victim, type VictimOptions } from './victim.js';

const here = fileURLToPath(new URL('../../..', import.meta.url));
const page = new URL('../../../docs/costs.md', import.meta.url);
const megabyte = 1024 * 1024;

export const cost: Benchmark = {
  name: 'cost',
  summary: 'for how long the largest and the most hostile requests keep others waiting',
  options: '--against <built checkout of before> --heap <MiB> (512)',
  run: (options) => inScratchDirectory((directory) => run(directory, options)),
};

async function run(directory: string, { against, heap = 512 }: Options): Promise<void> {
  const checkout = against ?? here;
  const suite = new Suite({ checkout, dataDir: join(directory, 'data'), heapMegabytes: heap });
  const costs = new CostsPage(page);
  try {
    await suite.open();
    const known = await suite.knownRequests();
    printKnown(known);
    costs.writeKnown(against === undefined ? 'now' : 'before', known);
    const unfinished = await suite.unfinishedBodies();
    console.log(`\n${unfinished}`);
    costs.writeText(`unfinished-${against === undefined ? 'now' : 'before'}`, unfinished);
    // The version before has other operations and other limits: of it, only the known requests are compared.
    if (against === undefined) {
      const operations = await suite.operations();
      printWorst(suite.measured);
      costs.writeOperations(operations);
      costs.writeText('summary', suite.summary());
    }
    costs.save();
  } finally {
    await suite.close();
  }
}

class Suite {
  readonly #options: VictimOptions;
  readonly #all: Measured[] = [];
  #victim: Victim | undefined;
  #world: LargeWorld | undefined;
  #ended = 0;

  constructor(options: VictimOptions) {
    this.#options = options;
  }

  async open(): Promise<void> {
    this.#victim = await Victim.start(this.#options);
    this.#world = await openLargeWorld(this.#victim);
  }

  async close(): Promise<void> {
    progress('');
    await this.#victim?.stop();
  }

  async knownRequests(): Promise<KnownCost[]> {
    const known: KnownCost[] = [];
    for (const { what, request } of knownRows) {
      progress(what);
      const costly = await request(this.#opened.world, this.#opened.victim);
      this.#opened.victim.forgetLatency();
      await pause(100);
      const cost = await this.#measure('before', what, costly);
      known.push({ what, cost, latency: await this.#opened.victim.latency() });
    }
    return known;
  }

  async unfinishedBodies(): Promise<string> {
    progress('unfinished bodies');
    const { victim } = this.#opened;
    const bytes = await largestBody(victim);
    const { connections, before, highest, open, seconds } = await holdUnfinishedBodies(victim, bytes);
    return (
      `${connections} connections, each with an unfinished body of ${figure(bytes / megabyte)} MiB: ` +
      `${figure((highest - before) / megabyte)} MiB more resident memory at the highest ` +
      `(${figure(before / megabyte)} MiB before), ${open} connections open after ${seconds} s.`
    );
  }

  async operations(): Promise<OperationCosts[]> {
    const { victim } = this.#opened;
    const operations = new Map(
      (await readOperations(victim)).map((operation) => [operation.name, operation]),
    );
    const bytes = await largestBody(victim);
    const hostile = new HostileRequests(this.#opened.world, bytes - 2_048);
    const costs: OperationCosts[] = [];
    for (const [name, inputs] of Object.entries(largestInputs)) {
      this.#opened.victim.forgetLatency();
      await pause(100);
      const largest = await this.#largest(name, [inputs].flat());
      const described = operations.get(name);
      const shapes = described === undefined ? [] : await this.#hostile(described, hostile);
      const latency = await this.#opened.victim.latency();
      costs.push({ operation: name, largest, hostile: shapes, latency });
    }
    return costs;
  }

  get measured(): readonly Measured[] {
    return this.#all;
  }

  summary(): string {
    const over = this.#all.filter(
      ({ operation, cost }) => operation !== 'before' && !(cost.blockedMs <= boundMs),
    );
    const [first] = [...this.#all].sort((a, b) => rank(b.cost) - rank(a.cost));
    const highest = Math.max(...this.#all.map(({ cost }) => cost.residentBytes || 0));
    return (
      `${this.#all.length.toLocaleString('en')} requests. ${over.length} blocked the loop for more than ${boundMs} ms; ` +
      `the longest was ${first?.operation}, ${first?.what}: ${figure(first?.cost.blockedMs ?? 0)} ms, ` +
      `of which ${figure(first?.cost.garbageMs ?? 0)} ms were a collection of garbage. ` +
      `With a heap of ${this.#options.heapMegabytes} MiB, ${this.#ended} ended the process; ` +
      `its resident memory was ${figure(highest / megabyte)} MiB at the highest.`
    );
  }

  get #opened(): { victim: Victim; world: LargeWorld } {
    if (this.#victim === undefined || this.#world === undefined) throw new Error('the suite is not open');
    return { victim: this.#victim, world: this.#world };
  }

  async #largest(operation: string, inputs: readonly LargestInput[]): Promise<Measured[]> {
    const measured: Measured[] = [];
    for (const { what, request } of inputs) {
      progress(`${operation}: ${what}`);
      const make = async () => request(this.#opened.world);
      measured.push({ operation, what, cost: await this.#median(operation, what, make) });
    }
    return measured;
  }

  async #hostile(operation: ApiOperation, requests: HostileRequests): Promise<Measured[]> {
    progress(`${operation.name}: hostile requests`);
    const measured: Measured[] = [];
    for (const { shape, request } of requests.of(operation, true)) {
      const cost = await this.#median(operation.name, shape, async () => request);
      measured.push({ operation: operation.name, what: shape, cost });
    }
    return measured;
  }

  /** What seems to take long is measured three times, and the median counts: a collection of garbage may fall into any. */
  async #median(operation: string, what: string, make: () => Promise<CostlyRequest>): Promise<Cost> {
    const first = await this.#measure(operation, what, await make());
    if (first.blockedMs <= boundMs || first.status < 0) return first;
    const again = [
      await this.#measure(operation, what, await make()),
      await this.#measure(operation, what, await make()),
    ];
    // What was deleted or created by the first is another request the second time.
    const same = [first, ...again].filter(({ status }) => status === first.status);
    const sorted = same.sort((a, b) => a.blockedMs - b.blockedMs);
    return sorted[Math.floor(sorted.length / 2)] ?? first;
  }

  async #measure(operation: string, what: string, request: CostlyRequest): Promise<Cost> {
    const cost = await this.#opened.victim.measure(request);
    this.#all.push({ operation, what, cost });
    if (cost.status < 0) {
      this.#ended += 1;
      progress(`${operation}, ${what}: ended the process`);
      this.#victim = await this.#opened.victim.restart(this.#options);
    }
    return cost;
  }
}

/** 8 MiB, or the size that the server names when it refuses that. */
async function largestBody(victim: Victim): Promise<number> {
  const { id, token } = victim.app;
  const body = ' '.repeat(8 * megabyte);
  const request = { method: 'POST', path: `/apps/${id}/conversations`, token, body };
  const { text } = await victim.send(request).catch(() => ({ text: '' }));
  const size = /at most (\d+) MiB/.exec(text)?.[1];
  return size === undefined ? body.length : Number(size) * megabyte;
}

function printKnown(known: readonly KnownCost[]): void {
  const rows = known.map(({ what, cost, latency }) => [what, ...figures(cost), figure(latency.maxMs)]);
  console.log(table([['', ...headings, 'other max ms'], ...rows]));
}

/** Every single measurement counts here, not only medians. */
function printWorst(all: readonly Measured[]): void {
  const worst = [...all].sort((a, b) => rank(b.cost) - rank(a.cost)).slice(0, 80);
  const rows = worst.map(({ operation, what, cost }) => [`${operation}: ${what}`, ...figures(cost)]);
  console.log(table([['', ...headings], ...rows]));
}

const headings = ['status', 'took ms', 'blocked ms', 'of it garbage', 'wall ms', 'resident MiB'];

function figures({ status, tookMs, blockedMs, garbageMs, wallMs, residentBytes }: Cost): string[] {
  const times = [tookMs, blockedMs, garbageMs, wallMs].map(figure);
  return [`${status}`, ...times, figure(residentBytes / megabyte)];
}
