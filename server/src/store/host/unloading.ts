/**
 * Removes apps from memory that have been idle, and the least recently used ones when memory passes its budget; never one
 * that has commands in flight, subscribers, or requests of the last moment.
 */
import { sizeOf } from './app_size.js';
import type { Loading } from './loading.js';
import type { SharedApp } from './shared_app.js';

export interface MemoryLimits {
  /** An app that no request has needed for so long is removed. */
  readonly idleMs: number;
  /** How many bytes the apps in memory may take. Apps that are in use, and the one that was used last, may take more. */
  readonly budget: number;
  /** How often apps are checked. */
  readonly checkMs: number;
  /** An app that was used within this time may be in use still: a long request takes many turns. */
  readonly inUseMs: number;
}

export interface UnloadingDeps {
  readonly loading: Loading;
  readonly limits: MemoryLimits;
  /** Whether streams or sockets subscribe to changes of the app. */
  readonly hasSubscribers: (app: SharedApp) => boolean;
  /** The process's clock, in milliseconds. */
  readonly now: () => number;
  /** Writes what the app's checkpoint lacks, as far as this server may. */
  readonly writeCheckpoint: (app: SharedApp) => Promise<void>;
}

export class Unloading {
  /** How many apps were removed: because they were idle, and to stay within the budget. */
  readonly counts = { idle: 0, memory: 0 };
  readonly #deps: UnloadingDeps;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();

  constructor(deps: UnloadingDeps) {
    this.#deps = deps;
  }

  start(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#running = this.check().then(() => this.start());
    }, this.#deps.limits.checkMs);
    this.#timer.unref();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async check(): Promise<void> {
    for (const { app, reason } of chosen(this.#deps, this.#deps.now())) {
      if (this.#isStopped || this.#isBusy(app)) continue;
      const write = () => this.#deps.writeCheckpoint(app);
      // If the database is away, it stays in memory.
      const isRemoved = await this.#deps.loading.unload(app, write).catch(() => false);
      if (isRemoved) this.counts[reason] += 1;
    }
  }

  /** It may have become so while others were being removed. */
  #isBusy(app: SharedApp): boolean {
    return isBusy(this.#deps, app, this.#deps.now());
  }
}

interface Chosen {
  readonly app: SharedApp;
  readonly reason: 'idle' | 'memory';
}

/** Which apps are to be removed now, the least recently used first. */
function chosen(deps: UnloadingDeps, now: number): readonly Chosen[] {
  const { loading, limits } = deps;
  const apps = [...loading.all()].map((app) => ({ app, usedAt: loading.usedAt(app.number) ?? now }));
  const isIdle = ({ usedAt }: { readonly usedAt: number }) => now - usedAt >= limits.idleMs;
  let over = apps.reduce((bytes, { app }) => bytes + sizeOf(app), 0) - limits.budget;
  const candidates = over > 0 ? apps.sort((a, b) => a.usedAt - b.usedAt) : apps.filter(isIdle);
  // The one that was used last would be loaded again at once.
  const last = over > 0 ? candidates.at(-1) : undefined;
  const found: Chosen[] = [];
  for (const candidate of candidates) {
    const { app } = candidate;
    if (isBusy(deps, app, now)) continue;
    if (isIdle(candidate)) found.push({ app, reason: 'idle' });
    else if (over > 0 && candidate !== last) found.push({ app, reason: 'memory' });
    else continue;
    over -= sizeOf(app);
  }
  return found;
}

function isBusy({ loading, limits, hasSubscribers }: UnloadingDeps, app: SharedApp, now: number): boolean {
  const sinceUse = now - (loading.usedAt(app.number) ?? now);
  return sinceUse < limits.inUseMs || app.isAppending || app.waiting.length > 0 || hasSubscribers(app);
}
