/** The bare loop: rows of the size of a message's event, in transactions of a thousand, each with its sync. */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '@badged/server/store/sqlite/database';
import { answer, fieldOf, input, numberIn, textIn } from '../measure/child.js';
import { lineOf } from './lines.js';

const rowsInTransaction = 1_000;
/** As long as what is stored of one of these messages. */
const event = JSON.stringify({ type: 'message', id: randomUUID(), conversation: 1, position: 1, sender: 1 });

const load = await input();
const messages = numberIn(load, 'messages');
const parses = fieldOf(load, 'parses') === true;
const lines = Array.from({ length: messages }, (_, index) => Buffer.from(lineOf(index, randomUUID)));
const directory = mkdtempSync(join(textIn(load, 'directory'), 'loop-'));
const database = openDatabase(directory, { isDurable: true });
const { connection } = database;
const insert = connection.prepare<[number, string]>('insert into log (id, event) values ((1 << 40) | ?, ?)');
const cpuBefore = process.cpuUsage();
const begun = performance.now();
for (let from = 0; from < messages; from += rowsInTransaction) {
  connection.transaction(() => {
    for (let at = from; at < Math.min(messages, from + rowsInTransaction); at += 1) {
      if (parses) JSON.parse(String(lines[at]));
      insert.run(at, event);
    }
  })();
}
const seconds = (performance.now() - begun) / 1000;
const { user, system } = process.cpuUsage(cpuBefore);
database.close();
rmSync(directory, { recursive: true });
await answer({ rate: messages / seconds, cpuMicroseconds: (user + system) / messages });
