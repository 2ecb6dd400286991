/**
 * Apps whose memory is not the log's any more: because an append failed, or because the database was replaced by an older copy
 * of itself. Such an app leaves the memory at once, and is loaded again when it is needed.
 */
import { AppGone, type SharedEngine } from '../shared_engine.js';
import type { Loading } from './loading.js';
import { describeLost, findLost } from './losses.js';
import type { SharedApp } from './shared_app.js';

export interface ReloadCounts {
  /** Times an app was loaded again. */
  readonly reloads: number;
  /** Events that were applied, and that the database lost. */
  readonly lostEvents: number;
}

export interface ReloadingDeps {
  readonly engine: Pick<SharedEngine, 'lastCommon'>;
  readonly loading: Loading;
  readonly onWarning: (message: string) => void;
  /** The app's listeners have to read it. */
  readonly onLost: (app: SharedApp) => void;
}

export interface LossReason {
  /** Of the append that failed. */
  readonly error?: Error;
  /** The end of a log that lacks events. */
  readonly head?: number;
}

export class Reloading {
  readonly #deps: ReloadingDeps;
  #reloads = 0;
  #lostEvents = 0;

  constructor(deps: ReloadingDeps) {
    this.#deps = deps;
  }

  get counts(): ReloadCounts {
    return { reloads: this.#reloads, lostEvents: this.#lostEvents };
  }

  /** Removes it from memory, and then finds out which events are lost. */
  async lose(app: SharedApp, { error, head }: LossReason): Promise<void> {
    if (app.visibility.state === 'lost') return;
    const { engine, loading, onWarning, onLost } = this.#deps;
    const lost = error instanceof AppGone ? undefined : findLost(engine, app, head);
    loading.drop(app);
    this.#reloads += 1;
    const found = await lost?.catch(() => undefined);
    this.#lostEvents += found === undefined ? 0 : found.last - found.first + 1;
    const other = error?.message ?? `The database lost events of app ${app.app.id}.`;
    onWarning(found === undefined ? other : describeLost(app.app.id, found));
    onLost(app);
  }
}
