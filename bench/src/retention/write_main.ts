/**
 * Sends messages to a thousand conversations of ten people, one receipt for each ten, while old rows are dropped: by a clock on which a
 * message is a millisecond.
 */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Command } from '@badged/core';
import { verifyDirectory } from '@badged/server/store/embedded';
import { Retention } from '@badged/server/store/host/retention';
import { type HostStore, openHost } from '@badged/server/store/host/store';
import { openSqliteEngine } from '@badged/server/store/sqlite/engine';
import { answer, input, numberIn, textIn } from '../measure/child.js';
import { progress } from '../measure/progress.js';

const conversations = 1_000;
const participants = 10;
const steps = 10;
const atOnce = 64;
const app = '00000000-0000-4000-8000-000000000001';

const wanted = await input();
const directory = textIn(wanted, 'directory');
const messages = numberIn(wanted, 'messages');
let sent = 0;

const engine = openSqliteEngine({ directory });
const store = await openHost(engine);
const retention = new Retention({
  engine,
  apps: () => engine.apps(),
  keepMs: numberIn(wanted, 'kept'),
  now: () => sent,
  onWarning: (message) => {
    throw new Error(message);
  },
});
await create(store);
const results: object[] = [];
for (let step = 0; step < steps; step += 1) results.push(await takeStep(step));
await store.close();
const { differenceCount } = await verifyDirectory(directory);
await answer({ steps: results, differences: differenceCount });
process.exit();

async function takeStep(step: number): Promise<object> {
  progress(`step ${step + 1} of ${steps}`);
  const delays = monitorEventLoopDelay({ resolution: 1 });
  delays.enable();
  const before = process.cpuUsage();
  // Beside the traffic.
  const round = retention.round();
  for (const end = (messages / steps) * (step + 1); sent < end; ) {
    const commands: Command[] = [];
    while (commands.length < atOnce) commands.push(...next());
    await store.executeAll(
      app,
      commands.map((command) => ({ command })),
    );
  }
  await round;
  delays.disable();
  const { user, system } = process.cpuUsage(before);
  return {
    bytes: statSync(join(directory, 'badged.db')).size + statSync(join(directory, 'badged.db-wal')).size,
    rows: engine.lastSeq(1) - engine.firstSeq(1) + 1,
    cpuMs: (user + system) / 1_000,
    longestMs: delays.max / 1e6,
  };
}

async function create(store: HostStore): Promise<void> {
  const settings = { mode: 'unread_messages', includeAnnouncements: false } as const;
  await store.apps.create({ id: app, name: 'x', settings, jabberDomain: 'x.invalid', createdAt: 0 });
  for (let number = 0; number < conversations; number += 1)
    await store.execute(app, {
      type: 'create_conversation',
      id: `room-${number}`,
      participants: Array.from({ length: participants }, (_, index) => userOf(number, index)),
      distinct: false,
      metadata: null,
      at: 0,
    });
}

/** A message and, after each tenth, the receipt of one participant for all before. */
function next(): Command[] {
  const number = sent % conversations;
  sent += 1;
  const turn = Math.floor(sent / conversations);
  const sender = { userId: userOf(number, turn % participants) };
  const conversation = `room-${number}`;
  const message: Command = {
    type: 'send_message',
    conversation,
    sender,
    mentions: [],
    silent: false,
    at: sent,
  };
  if (turn % participants !== 0) return [message];
  const user = userOf(number, Math.floor(turn / participants) % participants);
  return [message, { type: 'mark_all_read', user, conversations: [{ conversation }] }];
}

function userOf(conversation: number, index: number): string {
  return `user-${(conversation + index * 97) % conversations}`;
}
