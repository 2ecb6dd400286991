/**
 * The base of a log whose oldest rows were dropped: a second checkpoint of the app, which holds what those rows came to. It is
 * in the same tables as the checkpoint, under the app's number below zero. It has a number of an event as well: apply what the
 * log still has up to that event, and the state is exactly the one after it. As events only assign, this holds at every step of
 * making the base and of dropping rows (docs/decisions/0034-a-log-that-drops-old-rows.md).
 */
import { readState, snapshot } from '@badged/core';
import { SlicedWork } from '../../slices.js';
import type { EngineReader, StoredApp } from '../engine.js';
import { baseNumber } from '../retention_engine.js';
import { LoadedApp } from './apps.js';
import { restoreCheckpoint } from './load.js';
import { Recount } from './recount.js';

/** How many of the app's events the log has dropped. */
export async function droppedEvents(engine: EngineReader, app: number): Promise<number> {
  return Math.max(0, (await engine.firstSeq(app)) - 1);
}

/** The state after the event `upTo`, or after the base's own if that is later. An empty one if there is no base. */
export async function loadBase(
  engine: EngineReader,
  { number, app }: StoredApp,
  upTo = 0,
): Promise<LoadedApp> {
  // This creates and reads no message ids.
  const loaded = new LoadedApp({ number: baseNumber(number), app }, new Uint8Array(32));
  await restoreCheckpoint(engine, loaded);
  const end = Math.max(loaded.seq, upTo);
  const dropped = await droppedEvents(engine, number);
  if (dropped > end) throw new Error(`The log of app ${app.id} lacks events that its base has not.`);
  if (end === 0) return loaded;
  loaded.startAt(dropped);
  const work = new SlicedWork(app.id);
  for await (const rows of engine.logAfter(number, dropped)) {
    for (const { seq, event } of rows) {
      if (seq > end) break;
      const pause = work.pause();
      if (pause !== undefined) await pause;
      loaded.apply(event);
    }
    if ((rows.at(-1)?.seq ?? 0) >= end) break;
  }
  if (loaded.seq !== end) throw new Error(`The log of app ${app.id} ends before event ${end}.`);
  return loaded;
}

/** So that the next checkpoint has all rows. */
export function markAllChanged({ machine: { state } }: LoadedApp): void {
  const { users, conversations, participations, announcements, changed } = state;
  for (let user = 1; user <= users.count; user += 1) changed.users.add(user);
  for (let number = 1; number <= announcements.count; number += 1) changed.announcements.add(number);
  for (let conversation = 1; conversation <= conversations.count; conversation += 1) {
    changed.conversations.add(conversation);
    for (const row of participations.ofConversation(conversation))
      changed.participation(conversation, participations.user.get(row));
  }
}

/** A recount that goes on from the base. */
export function recountFrom({ machine: { state } }: LoadedApp): Recount {
  const recount = new Recount();
  const { users, conversations, participations, announcements } = state;
  for (let user = 1; user <= users.count; user += 1) {
    const unread = readState
      .newestUnread(users.announced(user), announcements.everyone, Number.POSITIVE_INFINITY)
      .map((position) => announcements.atPosition(position));
    recount.restoreUser(snapshot.readUser(state, user), [...users.named(user), ...unread]);
  }
  for (let conversation = 1; conversation <= conversations.count; conversation += 1) {
    if (!conversations.exists(conversation)) continue;
    recount.restoreConversation(snapshot.readConversation(state, conversation));
    for (const row of participations.ofConversation(conversation)) {
      const found = snapshot.readParticipation(state, conversation, participations.user.get(row));
      if (found !== undefined) recount.restoreParticipation(found);
    }
  }
  return recount;
}
