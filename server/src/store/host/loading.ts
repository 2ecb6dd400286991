/** The apps that are in memory: each is loaded when it is first needed, while those who need it wait and others are served. */
import { SlicedWork } from '../../slices.js';
import type { StoredApp } from '../engine.js';
import type { SharedEngine, SharedReader } from '../shared_engine.js';
import { restoreCheckpoint } from './load.js';
import { SharedApp } from './shared_app.js';

/** Called with the event up to which the checkpoint was complete that the app was loaded from. */
type OnLoaded = (app: SharedApp, checkpoint: number) => void;

export class Loading {
  readonly #engine: SharedEngine;
  readonly #idKey: Uint8Array;
  readonly #onLoaded: OnLoaded;
  readonly #loading = new Map<number, Promise<SharedApp>>();
  readonly #loaded = new Map<number, SharedApp>();

  constructor(engine: SharedEngine, idKey: Uint8Array, onLoaded: OnLoaded) {
    this.#engine = engine;
    this.#idKey = idKey;
    this.#onLoaded = onLoaded;
  }

  all(): Iterable<SharedApp> {
    return this.#loaded.values();
  }

  /** Undefined if it is not in memory. */
  peek(number: number): SharedApp | undefined {
    return this.#loaded.get(number);
  }

  get(stored: StoredApp): SharedApp | Promise<SharedApp> {
    const loaded = this.#loaded.get(stored.number);
    if (loaded !== undefined) return loaded;
    const loading = this.#loading.get(stored.number) ?? this.#load(stored);
    this.#loading.set(stored.number, loading);
    return loading;
  }

  /** It is not used any more; the next who needs it loads it again. */
  drop(app: SharedApp): void {
    app.visibility.lose();
    if (this.#loaded.get(app.number) === app) this.#loaded.delete(app.number);
  }

  async #load(stored: StoredApp): Promise<SharedApp> {
    try {
      const { app, checkpoint } = await this.#engine.inSnapshot(async (reader) => {
        const loaded = new SharedApp(stored, this.#idKey);
        await restoreCheckpoint(reader, loaded);
        const restored = loaded.seq;
        if (restored > (await reader.lastSeq(stored.number)))
          throw new Error(`The log of app ${stored.app.id} lacks events that its checkpoint has.`);
        await this.#applyTail(reader, loaded);
        return { app: loaded, checkpoint: restored };
      });
      this.#onLoaded(app, checkpoint);
      this.#loaded.set(stored.number, app);
      return app;
    } finally {
      this.#loading.delete(stored.number);
    }
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
