/** The servers that are compared, each in a process of its own, with the same conversations and messages in it. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { nextMessage, startChild, textIn } from '../measure/child.js';
import { cpuMsOf } from '../measure/process_cpu.js';
import { CheckoutServer } from '../versus/checkout.js';
import { allRooms, type Room, readRooms, unreadMessages } from './scene.js';

export interface Side {
  readonly name: string;
  readonly url: string;
  readonly token: string;
  /** The path of the app. */
  readonly base: string;
  readonly process: ChildProcess;
  stop(): Promise<void>;
}

export function cpuMs({ process }: Side): number {
  return cpuMsOf(process.pid);
}

export interface RivalOptions {
  readonly name: string;
  readonly kind: 'bare' | 'redis' | 'postgres';
  readonly database: string;
}

export async function startRival({ name, kind, database }: RivalOptions): Promise<Side> {
  const token = 'a-token-of-the-backend'.padEnd(90, 'x');
  const process = startChild(new URL('./rival_main.js', import.meta.url), { kind, database, token });
  const url = textIn(await nextMessage(process), 'url');
  return {
    ...{ name, url, token, base: '/apps/018c2f5e-0000-4000-8000-000000000001', process },
    async stop() {
      const ended = once(process, 'exit');
      process.kill('SIGTERM');
      await ended;
    },
  };
}

const here = fileURLToPath(new URL('../../..', import.meta.url));
const secretKey = '0'.repeat(64);
/** As many as one request may name. */
const participantsAtOnce = 2_000;
/** Within what one batch may hold. */
const operationsAtOnce = 1_000;
const valuesAtOnce = 20_000;

/** The whole program, as its users start it, from this checkout or another one. Without a database, the embedded store. */
export async function startBadged(
  name: string,
  { directory, database, checkout = here }: { directory: string; database?: string; checkout?: string },
): Promise<Side> {
  const env: Record<string, string> =
    database === undefined ? {} : { DATABASE_URL: database, BADGED_SECRET_KEY: secretKey };
  const server = await CheckoutServer.start(checkout, join(directory, name), [], env);
  const { url } = server;
  const { id, token } = await server.createApp();
  const base = `/apps/${id}`;
  const stop = () => server.stop();
  await prepare(`${url}${base}/events`, token);
  return { name, url, token, base, process: server.process, stop };
}

/** An operation of a batch, and about how many values its JSON holds. */
interface Operation {
  readonly values: number;
  readonly content: object;
}

async function prepare(url: string, token: string): Promise<void> {
  const operations = [
    ...[...allRooms(), ...readRooms()].flatMap(creation),
    ...readRooms().flatMap((room) => Array.from({ length: unreadMessages }, () => message(room))),
  ];
  let batch: object[] = [];
  let held = 0;
  for (const { values, content } of operations) {
    if (batch.length === operationsAtOnce || held + values > valuesAtOnce) {
      await send(url, token, batch);
      batch = [];
      held = 0;
    }
    batch.push(content);
    held += values;
  }
  await send(url, token, batch);
}

async function send(url: string, token: string, batch: readonly object[]): Promise<void> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(batch),
  });
  const text = await response.text();
  const failed = /\{"status":[45]\d\d[^}]*/.exec(text)?.[0];
  if (!response.ok || failed !== undefined) throw new Error(`preparing failed: ${failed ?? text}`);
}

function creation({ id, participants }: Room): Operation[] {
  const first = participants.slice(0, participantsAtOnce);
  const create = { operation: 'create_conversation', id, participants: first };
  const operations: Operation[] = [{ values: first.length + 4, content: create }];
  for (let at = participantsAtOnce; at < participants.length; at += participantsAtOnce) {
    const value = participants.slice(at, at + participantsAtOnce);
    const add = { operation: 'add', property: 'participants', value };
    const content = { operation: 'change_conversation', conversation_id: id, operations: [add] };
    operations.push({ values: value.length + 10, content });
  }
  return operations;
}

function message({ id, participants: [user_id] }: Room): Operation {
  return {
    values: 6,
    content: { operation: 'send_message', conversation_id: id, sender: { user_id } },
  };
}
