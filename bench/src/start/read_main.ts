/** Reads the rows that a start reads, and does nothing with them: the least that any start could take. */
import { openReadOnly } from '@badged/server/store/sqlite/database';
import { answer, input, textIn } from '../measure/child.js';

const directory = textIn(await input(), 'directory');
const begun = performance.now();
const connection = openReadOnly(directory);
let rows = 0;
for (const table of ['users', 'conversations', 'participations', 'announcements']) {
  for (const _ of connection.prepare(`select * from ${table}`).iterate()) rows += 1;
}
const tail = `select event from log, checkpoints
  where id > (app << 40 | seq) and id < ((app + 1) << 40) order by id`;
for (const _ of connection.prepare(tail).iterate()) rows += 1;
await answer({ totalMs: performance.now() - begun, rows });
process.exit();
