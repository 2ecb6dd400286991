/** Loads an app: the rows of its last checkpoint, and the tail of its log. */
import { snapshot } from '@badged/core';
import type { CheckpointRows, EngineReader, StoredApp } from '../engine.js';
import { LoadedApp } from './apps.js';

/** Restored from the checkpoint alone. */
export async function loadCheckpoint(
  engine: EngineReader,
  stored: StoredApp,
  idKey: Uint8Array,
): Promise<LoadedApp> {
  const loaded = new LoadedApp(stored, idKey);
  await restoreCheckpoint(engine, loaded);
  return loaded;
}

/** Restores the checkpoint into an app that is empty. */
export async function restoreCheckpoint(engine: EngineReader, loaded: LoadedApp): Promise<void> {
  // Before the rows: these may be written again meanwhile, and an event that they have already assigns the same.
  const seq = await engine.checkpointSeq(loaded.number);
  for await (const rows of engine.checkpoint(loaded.number)) restore(loaded, rows);
  snapshot.indexDistinct(loaded.machine.state);
  loaded.startAt(seq);
}

/** Applies the events that the log has after the checkpoint. */
export async function applyTail(engine: EngineReader, loaded: LoadedApp): Promise<void> {
  for await (const rows of engine.logAfter(loaded.number, loaded.seq))
    for (const { event } of rows) loaded.apply(event);
}

function restore({ machine: { state } }: LoadedApp, rows: CheckpointRows): void {
  for (const row of rows.users) snapshot.restoreUser(state, row);
  for (const row of rows.conversations) snapshot.restoreConversation(state, row);
  for (const row of rows.participations) snapshot.restoreParticipation(state, row);
  for (const row of rows.announcements) snapshot.restoreAnnouncement(state, row);
}
