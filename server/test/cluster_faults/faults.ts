/** Faults at random moments: of servers, of the database, and of the connections between them. */
import { setTimeout as delay } from 'node:timers/promises';
import { chance, pick, type Random } from '../push/random.js';
import type { ClusterWorld, Slot } from './world.js';

export interface FaultOptions {
  readonly pauseMs: readonly [least: number, most: number];
  /** How long a server is stopped. */
  readonly stopMs: number;
  readonly onFault: (what: string) => void;
  /** Which ones. */
  readonly faults: readonly FaultName[];
}

export const allFaults = ['kill', 'stop', 'restart', 'terminate', 'cut'] as const;
export type FaultName = (typeof allFaults)[number];

/** Every statement of a write, and what is waited for in between. */
const terminate = `select pg_terminate_backend(pid) from pg_stat_activity
  where pid <> pg_backend_pid() and application_name = 'badged' and random() < 0.5`;

export class Faults {
  readonly counts: Record<FaultName, number> = { kill: 0, stop: 0, restart: 0, terminate: 0, cut: 0 };
  readonly #world: ClusterWorld;
  readonly #random: Random;
  readonly #options: FaultOptions;
  /** What has to end before the run is over. */
  readonly #repairs = new Set<Promise<void>>();

  constructor(world: ClusterWorld, random: Random, options: FaultOptions) {
    this.#world = world;
    this.#random = random;
    this.#options = options;
  }

  /** First each fault once, in a random order. */
  async run(untilMs: number): Promise<void> {
    const { faults } = this.#options;
    const first = [...faults].sort(() => this.#random() - 0.5);
    const [least, most] = this.#options.pauseMs;
    while (performance.now() < untilMs || first.length > 0) {
      await delay(least + this.#random() * (most - least));
      await this.#inject(first.pop() ?? pick(this.#random, faults));
    }
    await this.repaired();
  }

  async repaired(): Promise<void> {
    while (this.#repairs.size > 0) await Promise.all(this.#repairs);
    this.#world.cutWhen(() => false);
  }

  async #inject(fault: FaultName): Promise<void> {
    const running = this.#world.slots.filter(({ state }) => state === 'running');
    // One server is always there.
    if ((fault === 'kill' || fault === 'stop') && running.length < 2) return this.#inject('terminate');
    this.counts[fault] += 1;
    if (fault === 'kill') this.#later(this.#kill(pick(this.#random, running)));
    if (fault === 'stop') this.#later(this.#stop(pick(this.#random, running)));
    if (fault === 'restart') await this.#restart();
    if (fault === 'terminate') await this.#terminate();
    if (fault === 'cut') await this.#cut();
  }

  async #kill(slot: Slot): Promise<void> {
    this.#options.onFault(`server ${slot.name} is killed`);
    slot.state = 'down';
    await slot.server.kill();
    await delay(this.#random() * 2_000);
    await this.#world.start(slot);
    this.#options.onFault(`server ${slot.name} is back`);
  }

  async #stop(slot: Slot): Promise<void> {
    this.#options.onFault(`server ${slot.name} is stopped`);
    slot.state = 'stopped';
    slot.server.signal('SIGSTOP');
    await delay(this.#options.stopMs);
    slot.server.signal('SIGCONT');
    slot.state = 'running';
    this.#options.onFault(`server ${slot.name} continues`);
  }

  async #restart(): Promise<void> {
    this.#options.onFault('the database is restarted');
    await this.#world.database.restart();
  }

  async #terminate(): Promise<void> {
    const ended = await this.#world.database.query(terminate);
    this.#options.onFault(`the database ended ${ended.length} connections`);
  }

  async #cut(): Promise<void> {
    const { proxy } = this.#world;
    const before = proxy.cuts;
    const wanted = before + 1 + Math.floor(this.#random() * 8);
    this.#world.cutWhen(() => proxy.cuts < wanted && chance(this.#random, 0.3));
    const started = performance.now();
    // At least one, however busy the machine is.
    const limitMs = () => (proxy.cuts === before ? 60_000 : 3_000);
    while (proxy.cuts < wanted && performance.now() - started < limitMs()) await delay(20);
    this.#options.onFault(`${proxy.cuts - before} commits were cut from their responses`);
  }

  #later(work: Promise<void>): void {
    const done = work.finally(() => this.#repairs.delete(done));
    this.#repairs.add(done);
  }
}
