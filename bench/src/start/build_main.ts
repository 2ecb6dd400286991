/**
 * Makes the data directory: the state is written with the store's own checkpoint writer, the journal's tail by
 * the store itself, which is then killed, since closing would checkpoint the tail away.
 */
import { randomUUID } from 'node:crypto';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { openEmbeddedStore } from '@badged/server/store/embedded';
import { CheckpointTables } from '@badged/server/store/sqlite/checkpoint_tables';
import { type Connection, openDatabase } from '@badged/server/store/sqlite/database';
import { World } from '../load/world.js';
import { answer, input, numberIn, textIn } from '../measure/child.js';
import { progress } from '../measure/progress.js';

/** Everybody takes part in ten conversations, and ten take part in each. */
const perConversation = 10;
const head = 20;
const rowsPerTransaction = 50_000;

const wanted = await input();
const directory = textIn(wanted, 'directory');
const count = Math.ceil(numberIn(wanted, 'participations') / perConversation);
const step = Math.floor(count / perConversation);
const conversationIds = Array.from({ length: Math.min(count, 20_000) }, () => randomUUID());
const empty = await openEmbeddedStore({ directory, isDurable: false });
const world = await World.make(empty);
await empty.close();
writeState();
await writeTail(numberIn(wanted, 'tail'));
const size = (file: string) => statSync(join(directory, file)).size;
await answer({ bytes: size('badged.db') + size('badged.db-wal') });
process.kill(process.pid, 'SIGKILL');

function writeState(): void {
  const { connection, close } = openDatabase(directory, { isDurable: false });
  const app = connection.prepare<[], { number: number }>('select number from apps').get()?.number ?? 0;
  const tables = new CheckpointTables(connection);
  inTransactions(connection, 'users', count, (user) => tables.writeUser(app, userRow(user)));
  inTransactions(connection, 'conversations', count, (number) =>
    tables.writeConversation(app, conversationRow(number)),
  );
  inTransactions(connection, 'participations', count, (conversation) => {
    for (const user of participants(conversation)) {
      tables.writeParticipation(app, participationRow(conversation, user));
    }
  });
  close();
}

function userRow(user: number) {
  const none = { announcedCursor: 0, announcedRanges: [], named: [], external: [], blocked: [] };
  return { user, id: userId(user), everyoneBase: 0, ...none };
}

function conversationRow(conversation: number) {
  return {
    conversation,
    id: conversationIds[conversation - 1] ?? randomUUID(),
    exists: true,
    distinct: false,
    createdAt: 1_700_000_000_000,
    fingerprint: 0,
    head,
    lastAt: 1_700_000_000_000,
    last: null,
    metadata: {},
    uncounted: [],
    deletedMessages: [],
  };
}

/** One in ten has read, or sent, something above the cursor. */
function participationRow(conversation: number, user: number) {
  const cursor = 10 + (user % 5);
  const ranges = (conversation + user) % 10 === 0 ? [cursor + 2, cursor + 3] : [];
  return {
    conversation,
    user,
    joined: 0,
    cursor,
    ranges,
    mentions: [],
    level: 'all',
    mutedUntil: null,
  } as const;
}

function participants(conversation: number): number[] {
  const users = Array.from({ length: perConversation }, (_, k) => ((conversation + k * step) % count) + 1);
  return users.sort((a, b) => a - b);
}

function userId(user: number): string {
  return `user-${String(user).padStart(8, '0')}`;
}

function inTransactions(
  connection: Connection,
  what: string,
  total: number,
  write: (number: number) => void,
): void {
  for (let first = 1; first <= total; first += rowsPerTransaction) {
    progress(`writing ${what}: ${first - 1} of ${total}`);
    connection.transaction(() => {
      for (let number = first; number < Math.min(total + 1, first + rowsPerTransaction); number += 1)
        write(number);
    })();
  }
}

/** Nine messages, and then one participant reads everything. */
async function writeTail(rows: number): Promise<void> {
  const checkpoints = { journalRows: Number.POSITIVE_INFINITY, intervalMs: Number.POSITIVE_INFINITY };
  const tail = world.in(await openEmbeddedStore({ directory, isDurable: false, checkpoints }));
  for (let written = 0; written < rows; written += perConversation) {
    if (written % 10_000 === 0) progress(`writing the journal's tail: ${written} of ${rows}`);
    const number = ((written / perConversation) % conversationIds.length) + 1;
    const conversation = conversationIds[number - 1] ?? '';
    const [sender = 0, reader = 0] = participants(number);
    const sending = Array.from({ length: perConversation - 1 }, () =>
      tail.message(conversation, userId(sender)),
    );
    const conversations = [{ conversation }];
    const reading = tail.execute({ type: 'mark_all_read', user: userId(reader), conversations });
    await Promise.all([...sending, reading]);
  }
  progress('');
}
