/** Follows the logs of the apps in memory: applies what other nodes appended, when a read needs it and, for listeners, by itself. */
import { SlicedWork } from '../../slices.js';
import type { Change } from '../push_port.js';
import {
  type Head,
  type LogHeads,
  type RegistryVersion,
  registryApp,
  type SharedEngine,
} from '../shared_engine.js';
import type { Heads } from './heads.js';
import type { SharedApp } from './shared_app.js';

/** A node with listeners asks for the heads this often: soon after something was new, and then less and less often. */
const shortestPauseMs = 20;
const longestPauseMs = 500;

export interface FollowingDeps {
  readonly engine: Pick<SharedEngine, 'eventsAfter' | 'onHint'>;
  readonly heads: Heads;
  readonly loading: {
    readonly all: () => Iterable<SharedApp>;
    readonly peek: (number: number) => SharedApp | undefined;
  };
  readonly onChange: (change: Change) => void;
  readonly onRegistry: (version: RegistryVersion) => Promise<void>;
  /** The log does not have events that this node has applied. It ends at the head. */
  readonly onLoss: (app: SharedApp, head: number) => Promise<void>;
}

export class Following {
  readonly #deps: FollowingDeps;
  readonly #catchingUp = new Map<SharedApp, Promise<void>>();
  /** Apps that a hint named, and that were not asked for since. */
  #hinted = new Set<number>();
  #isFollowingHints = false;
  #pauseMs = shortestPauseMs;
  #timer: NodeJS.Timeout | undefined;
  #state: 'idle' | 'polling' | 'stopped' = 'idle';

  constructor(deps: FollowingDeps) {
    this.#deps = deps;
  }

  /** Polls from now on. */
  start(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'polling';
    this.#deps.engine.onHint((hint) => this.hint(hint));
    this.#schedule();
  }

  /** Others appended to these logs, it seems: they are asked for now, and polled as before. */
  hint(hint: readonly number[] | 'all'): void {
    if (this.#state !== 'polling') return;
    const all = () => [registryApp, ...Array.from(this.#deps.loading.all(), ({ number }) => number)];
    for (const number of hint === 'all' ? all() : hint) this.#hinted.add(number);
    if (!this.#isFollowingHints) void this.#followHints();
  }

  stop(): void {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
  }

  /** Resolves once memory has the event with this number, or is lost. */
  async reach(app: SharedApp, head: number): Promise<void> {
    for (;;) {
      if (app.visibility.state === 'ahead') {
        await app.visibility.settled();
        continue;
      }
      if (app.visibility.state === 'lost' || app.committed >= head) return;
      const running = this.#catchingUp.get(app);
      if (running !== undefined) {
        // It may have read the log before this event was in it.
        await running;
        continue;
      }
      const before = app.committed;
      const started = this.#apply(app).finally(() => this.#catchingUp.delete(app));
      this.#catchingUp.set(app, started);
      await started;
      // The log had this event, and has it no longer, or others in place of those in memory.
      if (app.committed === before) return this.#deps.onLoss(app, head);
    }
  }

  async #apply(app: SharedApp): Promise<void> {
    const work = new SlicedWork(app.app.id);
    for await (const rows of this.#deps.engine.eventsAfter(app.number, app.end)) {
      for (const row of rows) {
        await work.pause();
        while (app.visibility.state === 'ahead') await app.visibility.settled();
        if (app.visibility.state === 'lost') return;
        for (const change of app.follow([row])) this.#deps.onChange(change);
      }
    }
  }

  #schedule(): void {
    if (this.#state !== 'polling') return;
    this.#timer = setTimeout(() => void this.#poll(), this.#pauseMs);
    this.#timer.unref();
  }

  /** What is hinted meanwhile is asked for together. */
  async #followHints(): Promise<void> {
    this.#isFollowingHints = true;
    while (this.#hinted.size > 0 && this.#state === 'polling') {
      const numbers = [...this.#hinted];
      this.#hinted.clear();
      const apps = numbers.flatMap((number) => this.#deps.loading.peek(number) ?? []);
      // If the database is away, the next poll finds what there is.
      if (apps.length > 0 || numbers.includes(registryApp)) await this.#ask(apps).catch(() => {});
    }
    this.#isFollowingHints = false;
  }

  /** Whether there was something new. */
  async #ask(apps: readonly SharedApp[]): Promise<boolean> {
    const before = new Map(apps.map((app) => [app, app.committed]));
    const heads = await this.#deps.heads.of(apps.map(({ number }) => number));
    await this.#deps.onRegistry(heads.registry);
    const news = await Promise.all(apps.map((app) => this.#check(app, before.get(app) ?? 0, heads)));
    return news.includes(true);
  }

  async #poll(): Promise<void> {
    try {
      const hasNews = await this.#ask([...this.#deps.loading.all()]);
      this.#pauseMs = hasNews ? shortestPauseMs : Math.min(this.#pauseMs * 1.5, longestPauseMs);
    } catch {
      // The database is away. Readers get an error; the next poll finds out whether it is back.
      this.#pauseMs = longestPauseMs;
    }
    this.#schedule();
  }

  /** Whether there was something new. */
  async #check(app: SharedApp, before: number, { apps }: LogHeads): Promise<boolean> {
    const head = apps.get(app.number);
    if (head === undefined || app.visibility.state === 'lost') return false;
    if (hasLost(app, before, head)) await this.#deps.onLoss(app, head.seq);
    else await this.reach(app, head.seq);
    return head.seq > before;
  }
}

/** Whether the log lost events that the app has in memory. `committed` is from before the question for the head. */
export function hasLost(app: SharedApp, committed: number, { seq, missing }: Head): boolean {
  return seq < committed || (missing !== undefined && app.points.has(missing));
}
