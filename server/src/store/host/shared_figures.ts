/** What a node over a shared log has counted, and what its apps take of its memory. */
import type { SharedEngine } from '../shared_engine.js';
import { sizeOf } from './app_size.js';
import type { BatchCounts } from './batches.js';
import type { Heads } from './heads.js';
import type { Loading } from './loading.js';
import type { ReloadCounts } from './reloading.js';
import type { Unloading } from './unloading.js';

export interface SharedFigures extends BatchCounts, ReloadCounts {
  readonly commits: number;
  /** Of the apps in memory. */
  readonly participations: number;
  readonly apps: number;
  /** How many bytes these take, about. */
  readonly bytes: number;
  readonly loads: number;
  /** Apps that were removed from memory: because they were idle, and to stay within the budget. */
  readonly unloads: { readonly idle: number; readonly memory: number };
  /** Questions for the heads of the logs, each for all reads that waited. */
  readonly headQueries: number;
  /** Events that this node dropped because they were old, since its start. */
  readonly droppedRows: number;
}

export interface AppSize {
  readonly app: string;
  /** About how many bytes of memory it takes. */
  readonly bytes: number;
}

export interface FigureSources {
  readonly engine: Pick<SharedEngine, 'commits'>;
  readonly loading: Loading;
  readonly unloading: Unloading;
  readonly heads: Heads;
  readonly batches: { readonly counts: BatchCounts };
  readonly reloading: { readonly counts: ReloadCounts };
  readonly droppedRows: number;
}

export function figuresOf(sources: FigureSources): SharedFigures {
  const { engine, loading, unloading, heads, batches, reloading } = sources;
  let [apps, participations, bytes] = [0, 0, 0];
  for (const app of loading.all()) {
    apps += 1;
    participations += app.machine.state.participations.count;
    bytes += sizeOf(app);
  }
  return {
    ...batches.counts,
    ...reloading.counts,
    commits: engine.commits,
    participations,
    apps,
    bytes,
    loads: loading.loads,
    unloads: { ...unloading.counts },
    headQueries: heads.queries,
    droppedRows: sources.droppedRows,
  };
}

/** The apps in memory that take the most of it, the largest first. */
export function largestApps(loading: Loading, most: number): readonly AppSize[] {
  return [...loading.all()]
    .map((app) => ({ app: app.app.id, bytes: sizeOf(app) }))
    .sort((a, b) => b.bytes - a.bytes)
    .slice(0, most);
}
