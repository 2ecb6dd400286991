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
  size = 0;
}

/** The rows of the changes, one at a time. Each is read when it is added. */
function* rowsOf(
  { machine: { state } }: LoadedApp,
  { changed, chosenIds }: Changes,
): Generator<(rows: Rows) => void> {
  const one = (read: (rows: Rows) => void) => (rows: Rows) => {
    rows.size += 1;
    read(rows);
  };
  for (const [id, reference] of chosenIds) yield one((rows) => rows.chosenIds.push({ id, reference }));
  for (const user of changed.users) yield one((rows) => rows.users.push(snapshot.readUser(state, user)));
  for (const announcement of changed.announcements) {
    const row = snapshot.readAnnouncement(state, announcement);
    if (row !== undefined) yield one((rows) => rows.announcements.push(row));
  }
  for (const conversation of changed.conversations)
    yield one((rows) => rows.conversations.push(snapshot.readConversation(state, conversation)));
  for (const [conversation, users] of changed.participations) {
    for (const user of users) {
      const row = snapshot.readParticipation(state, conversation, user);
      yield one((rows) =>
        row === undefined ? rows.left.push({ conversation, user }) : rows.participations.push(row),
      );
    }
  }
}
