/** The examples of docs/ingest.md, as they stand: a relay of an outbox in a real PostgreSQL, and a consumer of a queue. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { Store } from '../../src/store/port.js';
import { badgeOf, conversationOf, openWorld, storeWith } from '../http/world.js';
import { Schemas } from './postgres/schemas.js';
import { whyNoPostgres } from './postgres/test_server.js';

const docs = new URL('../../../docs/', import.meta.url);
const page = readFileSync(new URL('ingest.md', docs), 'utf8');
const relayFile = new URL('examples/outbox_relay.mjs', docs);
const consumerFile = new URL('examples/queue_consumer.mjs', docs);

/** `onStored` is waited for after a step is stored, and before its responses are sent. */
async function listeningWorld(onStored: () => Promise<void> = async () => {}) {
  const around = (store: Store) =>
    storeWith(store, {
      executeAll: async (app, commands) => {
        const outcomes = await store.executeAll(app, commands);
        await onStored();
        return outcomes;
      },
    });
  const world = await openWorld({ around });
  onTestFinished(() => world.close());
  const url = await world.http.listen({ host: '127.0.0.1', port: 0 });
  return { world, url };
}

type Consume = (
  queue: object,
  target: { readonly url: string; readonly app: string; readonly token: string },
  onRefused: (message: object, error: unknown) => Promise<unknown>,
) => Promise<void>;

const message = (conversation_id: string) => ({
  operation: 'send_message',
  id: randomUUID(),
  conversation_id,
  sender: { user_id: 'ann' },
});

test('the page shows the examples that are run here', () => {
  for (const file of [relayFile, consumerFile])
    expect(page).toContain(`\`\`\`js\n${readFileSync(file, 'utf8').trimEnd()}\n\`\`\``);
});

describe.skipIf(whyNoPostgres() !== undefined)('an outbox', () => {
  const schemas = new Schemas();

  test('nothing is lost or doubled when the relay is killed after its rows were stored, and before it deletes them', async () => {
    let relay: ChildProcess | undefined;
    let steps = 0;
    const { world, url } = await listeningWorld(async () => {
      steps += 1;
      if (steps > 1 || relay === undefined) return;
      const ended = once(relay, 'exit');
      relay.kill('SIGKILL');
      await ended;
    });
    const conversation = await conversationOf(world, 'ann', 'bob');
    const { url: databaseUrl } = await schemas.create();
    const database = new pg.Client({ connectionString: databaseUrl });
    await database.connect();
    onTestFinished(() => database.end());
    await database.query(/create table badged_outbox .*;/.exec(page)?.[0] ?? '');
    const refused = { ...message(conversation), sender: { user_id: 'zoe' } };
    for (const operation of [...Array.from({ length: 50 }, () => message(conversation)), refused])
      await database.query('insert into badged_outbox (operation) values ($1)', [operation]);

    const start = () => {
      const env = {
        DATABASE_URL: databaseUrl,
        BADGED_URL: url,
        BADGED_APP: world.app,
        BADGED_TOKEN: world.token,
      };
      const child = spawn(process.execPath, [fileURLToPath(relayFile)], { env, stdio: 'inherit' });
      onTestFinished(() => void child.kill('SIGKILL'));
      return child;
    };
    relay = start();
    await once(relay, 'exit');
    const rows = async (where: string) =>
      (await database.query(`select operation from badged_outbox where ${where}`)).rows;
    // badged has them all, and the outbox does not know it.
    expect(await badgeOf(world, 'bob')).toMatchObject({ badge: 50 });
    expect(await rows('error is null')).toHaveLength(51);

    relay = start();
    await vi.waitUntil(async () => (await rows('error is null')).length === 0, { timeout: 60_000 });
    expect(steps).toBeGreaterThan(1);
    expect(await badgeOf(world, 'bob')).toMatchObject({ badge: 50 });
    expect(await rows('error is not null')).toEqual([{ operation: refused }]);
  });
});

if (whyNoPostgres() !== undefined)
  test(`the outbox is not tried: ${whyNoPostgres()}`, (context) => context.skip());

test('a queue: what was not acknowledged is delivered again, and counts once', async () => {
  const { world, url } = await listeningWorld();
  const conversation = await conversationOf(world, 'ann', 'bob');
  const waiting: { operation: object }[] = Array.from({ length: 30 }, () => ({
    operation: message(conversation),
  }));
  const refused = { operation: { operation: 'send_message' } };
  let canAcknowledge = false;
  const queue = {
    receive: async (most: number) =>
      waiting.length === 0 ? undefined : waiting.slice(0, Math.min(most, 20)),
    acknowledge: async (messages: readonly object[]) => {
      if (!canAcknowledge) throw new Error('the consumer was killed');
      waiting.splice(0, messages.length);
    },
  };
  const { consume }: { consume: Consume } = await import(fileURLToPath(consumerFile));
  const found: object[] = [];
  const target = { url, app: world.app, token: world.token };
  const run = () => consume(queue, target, async (message: object) => found.push(message));
  await expect(run()).rejects.toThrow('killed');
  expect(await badgeOf(world, 'bob')).toMatchObject({ badge: 20 });
  canAcknowledge = true;
  waiting.push(refused);
  await run();
  expect(waiting).toEqual([]);
  expect(await badgeOf(world, 'bob')).toMatchObject({ badge: 30 });
  expect(found).toEqual([refused]);
});
