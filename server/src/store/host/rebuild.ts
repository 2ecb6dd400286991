/** Makes the checkpoints anew from the logs, after these were moved without them. One app is in memory at a time. */
import type { CheckpointRows, EngineReader, OrPromise } from '../engine.js';
import { chunksOf, takeChanges } from './checkpoint_rows.js';
import { applyTail, loadCheckpoint } from './load.js';

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
    // This creates and reads no message ids.
    const loaded = await loadCheckpoint(engine, stored, new Uint8Array(32));
    await applyTail(engine, loaded);
    for (const { rows, isLast } of chunksOf(loaded, takeChanges(loaded), rowsPerChunk))
      await (isLast ? write(stored.number, rows, loaded.seq) : write(stored.number, rows));
  }
}
