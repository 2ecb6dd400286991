/** Makes the checkpoints anew from the logs, and their bases, after these were moved without them. One app is in memory at a time. */
import type { CheckpointRows, EngineReader, OrPromise } from '../engine.js';
import { loadBase, markAllChanged } from './base.js';
import { chunksOf, takeChanges } from './checkpoint_rows.js';

const rowsPerChunk = 1_000;

/** `complete` as in engine.ts. */
export type WriteCheckpoint = (app: number, rows: CheckpointRows, complete?: number) => OrPromise<unknown>;

export async function rebuildCheckpoints(
  engine: EngineReader,
  write: WriteCheckpoint,
  onProgress: (app: number, of: number) => void = () => {},
): Promise<void> {
  const apps = await engine.apps();
  for (const [index, stored] of apps.entries()) {
    onProgress(index + 1, apps.length);
    const loaded = await loadBase(engine, stored);
    markAllChanged(loaded);
    for await (const rows of engine.logAfter(stored.number, loaded.seq))
      for (const { event } of rows) loaded.apply(event);
    for (const { rows, isLast } of chunksOf(loaded, takeChanges(loaded), rowsPerChunk))
      await (isLast ? write(stored.number, rows, loaded.seq) : write(stored.number, rows));
  }
}
