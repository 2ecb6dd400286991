/**
 * Verifies an engine's data: what the next start would load (checkpoints and the logs' tails) against a recount by brute force
 * from all that the logs have, and from the base where old rows were dropped. Reads only, and may run beside a server.
 */
import type { EngineReader, StoredApp } from '../engine.js';
import type { LoadedApp } from './apps.js';
import { droppedEvents, loadBase, recountFrom } from './base.js';
import { loadCheckpoint } from './load.js';
import type { Recount } from './recount.js';

export interface VerifyResult {
  readonly apps: number;
  readonly users: number;
  readonly participations: number;
  readonly messages: number;
  readonly journalRows: number;
  /** Rows that were dropped because they were old. What they came to is taken from the base. */
  readonly droppedRows: number;
  /** A sentence for each difference; the first hundred. */
  readonly differences: readonly string[];
  readonly differenceCount: number;
}

/** `onProgress` is called with how many of the logs' events were recounted. */
export async function verify(
  engine: EngineReader,
  onProgress: (rows: number, of: number) => void = () => {},
): Promise<VerifyResult> {
  const apps = await engine.apps();
  let rows = 0;
  for (const { number } of apps)
    rows += (await engine.lastSeq(number)) - (await droppedEvents(engine, number));
  const differences = new Differences();
  const totals = { apps: 0, users: 0, participations: 0, messages: 0, journalRows: 0, droppedRows: 0 };
  for (const stored of apps) {
    const dropped = await droppedEvents(engine, stored.number);
    const { loaded, recount } = await recounted(engine, stored, (seq) =>
      onProgress(totals.journalRows + seq - dropped, rows),
    );
    compare(loaded, recount, differences);
    totals.apps += 1;
    totals.users += loaded.machine.state.users.count;
    totals.participations += loaded.machine.state.participations.count;
    totals.messages += recount.messages;
    totals.journalRows += loaded.seq - dropped;
    totals.droppedRows += dropped;
  }
  return { ...totals, ...differences.result() };
}

/** All that the log has is recounted; what comes after the checkpoint is applied to the loaded state as well. */
async function recounted(
  engine: EngineReader,
  stored: StoredApp,
  onProgress: (seq: number) => void,
): Promise<{ loaded: LoadedApp; recount: Recount }> {
  // This creates and reads no message ids.
  const loaded = await loadCheckpoint(engine, stored, new Uint8Array(32));
  const base = await loadBase(engine, stored);
  const recount = recountFrom(base);
  for await (const rows of engine.logAfter(stored.number, base.seq)) {
    for (const { seq, event } of rows) {
      recount.apply(event);
      if (seq === loaded.seq + 1) loaded.apply(event);
      if (seq % 10_000 === 0) onProgress(seq);
    }
  }
  return { loaded, recount };
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
  const explanation = machine.ask<'explanation'>({ type: 'explanation', user: id, now }, app.settings).result;
  const explained = new Map(explanation?.conversations.map((one) => [one.id, one]));
  let messages = 0;
  let unreadConversations = 0;
  for (const number of conversations) {
    const conversation = machine.state.conversations.id(number);
    const stored = explained.get(conversation);
    const counted = recount.badgeCount(number, user, now);
    const unread = recount.unreadMessages(number, user);
    differences.check(
      `${where}, conversation ${conversation}: unread`,
      stored?.unreadMessageCount ?? 0,
      unread,
    );
    differences.check(
      `${where}, conversation ${conversation}: in the badge`,
      stored?.badgeCount ?? 0,
      counted,
    );
    messages += counted;
    if (counted > 0) unreadConversations += 1;
  }
  const counts = machine.ask<'badge'>({ type: 'badge', user: id, now }, app.settings).result;
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

  check(what: string, stored: number | undefined, recounted: number): void {
    if (stored === recounted) return;
    this.#count += 1;
    if (this.#sentences.length < 100)
      this.#sentences.push(`${what}: stored ${stored ?? 'nothing'}, recounted ${recounted}`);
  }

  result(): Pick<VerifyResult, 'differences' | 'differenceCount'> {
    return { differences: this.#sentences, differenceCount: this.#count };
  }
}
