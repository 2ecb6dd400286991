/** The apps that are in memory: each is loaded when it is first needed, while those who need it wait and others are served. */
import { SlicedWork } from '../../slices.js';
import type { StoredApp } from '../engine.js';
import type { SharedEngine, SharedReader } from '../shared_engine.js';
import { type AppEvent, type AppState, nextAppState } from './app_life.js';
import { restoreCheckpoint } from './load.js';
import { SharedApp } from './shared_app.js';

/** Called with the event up to which the checkpoint was complete that the app was loaded from. */
type OnLoaded = (app: SharedApp, checkpoint: number) => void;

/** An app that is not unloaded: one that loads has no memory yet. */
interface Entry {
  state: AppState;
  app: SharedApp | undefined;
  loading: Promise<SharedApp> | undefined;
  /** In milliseconds of the process's clock. */
  usedAt: number;
}

export interface LoadingDeps {
  readonly engine: Pick<SharedEngine, 'inSnapshot'>;
  readonly idKey: Uint8Array;
  readonly onLoaded: OnLoaded;
  /** The process's clock, in milliseconds. */
  readonly now: () => number;
}

export class Loading {
  /** How many apps were loaded. */
  loads = 0;
  readonly #deps: LoadingDeps;
  readonly #entries = new Map<number, Entry>();

  constructor(deps: LoadingDeps) {
    this.#deps = deps;
  }

  /** Those that serve. */
  *all(): Generator<SharedApp> {
    for (const { app } of this.#entries.values()) if (app !== undefined) yield app;
  }

  /** Undefined if it is not in memory. It does not count as a use. */
  peek(number: number): SharedApp | undefined {
    return this.#entries.get(number)?.app;
  }

  stateOf(number: number): AppState {
    return this.#entries.get(number)?.state ?? 'unloaded';
  }

  /** When the app was last needed, by the process's clock; undefined if it is not in memory. */
  usedAt(number: number): number | undefined {
    return this.#entries.get(number)?.usedAt;
  }

  get(stored: StoredApp): SharedApp | Promise<SharedApp> {
    const { number } = stored;
    const entry = this.#entries.get(number) ?? this.#add(number);
    entry.usedAt = this.#deps.now();
    if (entry.state !== 'loaded') this.#step(number, entry, 'needed');
    if (entry.app !== undefined) return entry.app;
    entry.loading ??= this.#load(stored, entry);
    return entry.loading;
  }

  /** It is not used any more; the next who needs it loads it again. */
  drop(app: SharedApp): void {
    app.visibility.lose();
    const entry = this.#entries.get(app.number);
    if (entry?.app === app) this.#step(app.number, entry, 'lost');
  }

  /** Removes it from memory once `write` has written its checkpoint, unless it is needed meanwhile. Returns whether it did. */
  async unload(app: SharedApp, write: () => Promise<void>): Promise<boolean> {
    const { number } = app;
    const entry = this.#entries.get(number);
    if (entry?.app !== app) return false;
    if (this.#step(number, entry, 'chosen') !== 'unloading') return false;
    try {
      await write();
    } catch (error) {
      this.#step(number, entry, 'failed');
      throw error;
    }
    // A request that had it before may have handed in commands only now.
    if (app.isAppending || app.waiting.length > 0) this.#step(number, entry, 'needed');
    if (entry.state !== 'unloading') return false;
    this.#step(number, entry, 'written');
    app.visibility.lose();
    return true;
  }

  #add(number: number): Entry {
    const entry: Entry = { state: 'unloaded', app: undefined, loading: undefined, usedAt: 0 };
    this.#entries.set(number, entry);
    return entry;
  }

  #step(number: number, entry: Entry, event: AppEvent): AppState {
    entry.state = nextAppState(entry.state, event);
    if (entry.state === 'unloaded' && this.#entries.get(number) === entry) this.#entries.delete(number);
    return entry.state;
  }

  async #load(stored: StoredApp, entry: Entry): Promise<SharedApp> {
    const { number } = stored;
    try {
      const { app, checkpoint } = await this.#deps.engine.inSnapshot((reader) =>
        this.#restore(reader, stored),
      );
      this.#deps.onLoaded(app, checkpoint);
      this.loads += 1;
      entry.app = app;
      this.#step(number, entry, 'restored');
      return app;
    } catch (error) {
      this.#step(number, entry, 'failed');
      throw error;
    }
  }

  async #restore(reader: SharedReader, stored: StoredApp): Promise<{ app: SharedApp; checkpoint: number }> {
    const app = new SharedApp(stored, this.#deps.idKey);
    await restoreCheckpoint(reader, app);
    const checkpoint = app.seq;
    if (checkpoint > (await reader.lastSeq(stored.number)))
      throw new Error(`The log of app ${stored.app.id} lacks events that its checkpoint has.`);
    await this.#applyTail(reader, app);
    return { app, checkpoint };
  }

  async #applyTail(reader: SharedReader, app: SharedApp): Promise<void> {
    const work = new SlicedWork(app.app.id);
    const point = await reader.pointAt(app.number, app.seq);
    if (point !== undefined) app.points.add(point);
    for await (const rows of reader.logAfter(app.number, app.seq)) {
      for (const { seq, event, batch } of rows) {
        const pause = work.pause();
        if (pause !== undefined) await pause;
        app.apply(event);
        if (batch !== undefined) app.points.add({ seq, batch });
      }
    }
  }
}
