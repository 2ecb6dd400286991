/**
 * Verifies a data directory: what the next start would load (checkpoint and journal tail) against a recount
 * from the whole journal by brute force. Reads only, and may run beside a server.
 */
import { parseEvent } from '@badged/core';
import { type LoadedApp, LoadedApps, restore } from './apps.js';
import { completedCheckpoint } from './checkpoint.js';
import { openReadOnly } from './database.js';
import { Journal } from './journal.js';
import { ChosenIds } from './message_ids.js';
import { Recount } from './recount.js';
import { storedApps } from './registry.js';

export interface VerifyResult {
  readonly apps: number;
  readonly users: number;
  readonly participations: number;
  readonly messages: number;
  readonly journalRows: number;
  /** A sentence for each difference; the first hundred. */
  readonly differences: readonly string[];
  readonly differenceCount: number;
}

/** `onProgress` is told how many of the journal's rows were walked. Throws DataDirectoryError. */
export function verify(
  directory: string,
  onProgress: (rows: number, of: number) => void = () => {},
): VerifyResult {
  const connection = openReadOnly(directory);
  try {
    const journal = new Journal(connection);
    const apps = new LoadedApps(journal, new ChosenIds(connection), new Uint8Array(32));
    for (const { number, app } of storedApps(connection)) restore(connection, apps.add(number, app));
    const recounts = walk(journal, apps, completedCheckpoint(connection), onProgress);
    const differences = new Differences();
    for (const loaded of apps.all())
      compare(loaded, recounts.get(loaded.number) ?? new Recount(), differences);
    return { ...differences.result(apps, recounts), journalRows: journal.last };
  } finally {
    connection.close();
  }
}

/** The whole journal is recounted; what comes after the checkpoint is applied to the loaded state as well. */
function walk(
  journal: Journal,
  apps: LoadedApps,
  checkpoint: number,
  onProgress: (rows: number, of: number) => void,
): Map<number, Recount> {
  const recounts = new Map<number, Recount>();
  for (const { seq, app, event } of journal.after(0)) {
    const loaded = apps.byNumber(app);
    if (loaded === undefined) continue;
    const parsed = parseEvent(event);
    const recount = recounts.get(app) ?? new Recount();
    recounts.set(app, recount);
    recount.apply(parsed);
    if (seq > checkpoint) apps.apply(loaded, parsed, seq);
    if (seq % 10_000 === 0) onProgress(seq, journal.last);
  }
  return recounts;
}

function compare(loaded: LoadedApp, recount: Recount, differences: Differences): void {
  const { state } = loaded.machine;
  const conversations = conversationsByUser(recount);
  const participations = [...conversations.values()].reduce((sum, numbers) => sum + numbers.length, 0);
  differences.check(`app ${loaded.app.id}: participations`, state.participations.count, participations);
  differences.check(`app ${loaded.app.id}: users`, state.users.count, recount.users.size);
  differences.check(`app ${loaded.app.id}: messages out of place`, recount.misplaced, 0);
  for (const [number, { head }] of recount.conversations) {
    const where = `app ${loaded.app.id}, conversation ${state.conversations.id(number)}`;
    differences.check(`${where}: head`, state.conversations.head.get(number), head);
  }
  const now = Date.now();
  for (const [user, id] of recount.users) {
    compareUser(
      loaded,
      recount,
      { user, id, conversations: conversations.get(user) ?? [] },
      now,
      differences,
    );
  }
}

function compareUser(
  { app, machine }: LoadedApp,
  recount: Recount,
  { user, id, conversations }: { user: number; id: string; conversations: readonly number[] },
  now: number,
  differences: Differences,
): void {
  const where = `app ${app.id}, user ${JSON.stringify(id)}`;
  const explained = new Map(
    machine
      .ask({ type: 'explanation', user: id, now }, app.settings)
      ?.conversations.map((one) => [one.id, one]),
  );
  let messages = 0;
  let unreadConversations = 0;
  for (const number of conversations) {
    const conversation = machine.state.conversations.id(number);
    const kept = explained.get(conversation);
    const counted = recount.badgeCount(number, user, now);
    const unread = recount.unreadMessages(number, user);
    differences.check(
      `${where}, conversation ${conversation}: unread`,
      kept?.unreadMessageCount ?? 0,
      unread,
    );
    differences.check(`${where}, conversation ${conversation}: in the badge`, kept?.badgeCount ?? 0, counted);
    messages += counted;
    if (counted > 0) unreadConversations += 1;
  }
  const counts = machine.ask({ type: 'badge', user: id, now }, app.settings);
  differences.check(`${where}: unread messages`, counts?.unreadMessageCount, messages);
  differences.check(`${where}: unread conversations`, counts?.unreadConversationCount, unreadConversations);
  differences.check(
    `${where}: unread announcements`,
    counts?.unreadAnnouncementCount,
    recount.unreadAnnouncements(user),
  );
  differences.check(`${where}: external count`, counts?.externalUnreadCount, recount.external(user));
}

function conversationsByUser(recount: Recount): Map<number, number[]> {
  const byUser = new Map<number, number[]>();
  for (const [number, { participants }] of recount.conversations) {
    for (const user of participants.keys()) {
      const numbers = byUser.get(user);
      if (numbers === undefined) byUser.set(user, [number]);
      else numbers.push(number);
    }
  }
  return byUser;
}

class Differences {
  readonly #sentences: string[] = [];
  #count = 0;

  check(what: string, kept: number | undefined, recounted: number): void {
    if (kept === recounted) return;
    this.#count += 1;
    if (this.#sentences.length < 100)
      this.#sentences.push(`${what}: kept ${kept ?? 'nothing'}, recounted ${recounted}`);
  }

  result(apps: LoadedApps, recounts: Map<number, Recount>): Omit<VerifyResult, 'journalRows'> {
    const loaded = [...apps.all()];
    return {
      apps: loaded.length,
      users: loaded.reduce((sum, { machine }) => sum + machine.state.users.count, 0),
      participations: loaded.reduce((sum, { machine }) => sum + machine.state.participations.count, 0),
      messages: [...recounts.values()].reduce((sum, { messages }) => sum + messages, 0),
      differences: this.#sentences,
      differenceCount: this.#count,
    };
  }
}
