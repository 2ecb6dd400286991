/** Loads an app: the rows of its last checkpoint, and the tail of its log. */
import { type Capacity, type Machine, snapshot } from '@badged/core';
import { SlicedWork } from '../../slices.js';
import type { CheckpointRows, EngineReader, StoredApp } from '../engine.js';
import { LoadedApp } from './apps.js';

type State = Machine['state'];

/** Some hundred microseconds. */
const rowsPerStep = 250;

/** Restored from the checkpoint alone. */
export async function loadCheckpoint(
  engine: EngineReader,
  stored: StoredApp,
  idKey: Uint8Array,
  capacity: Partial<Capacity> = {},
): Promise<LoadedApp> {
  const loaded = new LoadedApp(stored, idKey, capacity);
  await restoreCheckpoint(engine, loaded);
  return loaded;
}

/** Restores the checkpoint into an app that is empty. */
export async function restoreCheckpoint(engine: EngineReader, loaded: LoadedApp): Promise<void> {
  // Before the rows: these may be written again meanwhile, and an event that they have already assigns the same.
  const seq = await engine.checkpointSeq(loaded.number);
  const { state } = loaded.machine;
  const work = new SlicedWork(loaded.app.id);
  for await (const rows of engine.checkpoint(loaded.number)) await restore(state, rows, work);
  const { count } = state.conversations;
  for (let from = 1; from <= count; from += rowsPerStep) {
    await work.pause();
    snapshot.indexDistinct(state, from, Math.min(from + rowsPerStep - 1, count));
  }
  loaded.startAt(seq);
}

/** Applies the events that the log has after the checkpoint. */
export async function applyTail(engine: EngineReader, loaded: LoadedApp): Promise<void> {
  for await (const rows of engine.logAfter(loaded.number, loaded.seq))
    for (const { event } of rows) loaded.apply(event);
}

/** In slices, in which others are served. */
async function restore(state: State, rows: CheckpointRows, work: SlicedWork): Promise<void> {
  await inSteps(rows.users, work, (row) => snapshot.restoreUser(state, row));
  await inSteps(rows.conversations, work, (row) => snapshot.restoreConversation(state, row));
  await inSteps(rows.participations, work, (row) => snapshot.restoreParticipation(state, row));
  await inSteps(rows.announcements, work, (row) => snapshot.restoreAnnouncement(state, row));
}

async function inSteps<R>(rows: readonly R[], work: SlicedWork, step: (row: R) => void): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsPerStep) {
    const pause = work.pause();
    if (pause !== undefined) await pause;
    for (const row of rows.slice(start, start + rowsPerStep)) step(row);
  }
}
