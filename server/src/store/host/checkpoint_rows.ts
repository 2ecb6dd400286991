/** The rows of an app that changed, as a checkpoint writes them: a few at a time, each as it is when it is read. */
import { type Changed, snapshot } from '@badged/core';
import type { CheckpointRows } from '../engine.js';
import type { LoadedApp } from './apps.js';

/** What changed since the last checkpoint began. */
export interface Changes {
  readonly changed: Changed;
  readonly chosenIds: readonly (readonly [id: string, reference: number])[];
}

/** Call `written` of the app's recent ids once the rows are in the checkpoint. */
export function takeChanges({ machine: { state }, recentIds }: LoadedApp): Changes {
  return { changed: state.takeChanged(), chosenIds: [...recentIds.take()] };
}

/** The last one may be empty. The rows of each are read when it is asked for. */
export function* chunksOf(
  loaded: LoadedApp,
  changes: Changes,
  rowsPerChunk: number,
): Generator<{ readonly rows: CheckpointRows; readonly isLast: boolean }, void> {
  let rows = new Rows();
  for (const add of rowsOf(loaded, changes)) {
    add(rows);
    if (rows.size < rowsPerChunk) continue;
    yield { rows, isLast: false };
    rows = new Rows();
  }
  yield { rows, isLast: true };
}

class Rows implements CheckpointRows {
  readonly users: snapshot.UserRow[] = [];
  readonly conversations: snapshot.ConversationRow[] = [];
  readonly participations: snapshot.ParticipationRow[] = [];
  readonly announcements: snapshot.AnnouncementRow[] = [];
  readonly left: { conversation: number; user: number }[] = [];
  readonly chosenIds: { id: string; reference: number }[] = [];
  /** In rows: one with long lists counts as several. */
  size = 0;

  add<T extends keyof CheckpointRows>(table: T, row: CheckpointRows[T][number]): void {
    const rows: CheckpointRows[T][number][] = this[table];
    rows.push(row);
    this.size += 1;
    for (const value of Object.values(row))
      if (Array.isArray(value)) this.size += value.length / valuesPerRow;
  }
}

/** Writing so many values of a list takes as long as writing another row. */
const valuesPerRow = 100;

/** The rows of the changes, one at a time. Each is read when it is added. */
function* rowsOf(
  { machine: { state } }: LoadedApp,
  { changed, chosenIds }: Changes,
): Generator<(rows: Rows) => void> {
  for (const [id, reference] of chosenIds) yield (rows) => rows.add('chosenIds', { id, reference });
  for (const user of changed.users) yield (rows) => rows.add('users', snapshot.readUser(state, user));
  for (const announcement of changed.announcements) {
    const row = snapshot.readAnnouncement(state, announcement);
    if (row !== undefined) yield (rows) => rows.add('announcements', row);
  }
  for (const conversation of changed.conversations)
    yield (rows) => rows.add('conversations', snapshot.readConversation(state, conversation));
  for (const [conversation, users] of changed.participations) {
    for (const user of users) {
      const row = snapshot.readParticipation(state, conversation, user);
      yield (rows) =>
        row === undefined ? rows.add('left', { conversation, user }) : rows.add('participations', row);
    }
  }
}
