/** How a batch gets into the log of PostgreSQL: in several statements if it is large, and as one transaction all the same. */
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSharedStore, type SharedStore } from '../../src/store/host/shared_store.js';
import { Schemas, type TestSchema, withClient } from './postgres/schemas.js';
import { whyNoPostgres } from './postgres/test_server.js';
import { anApp, now } from './scenario.js';

const reason = whyNoPostgres();
const app = anApp();
const users = ['ann', 'bob', 'cleo'];

/** More than two statements take. */
const commands = Array.from({ length: 450 }, (_, count) => ({
  command: {
    type: 'set_external',
    counts: [{ user: users[count % users.length] ?? '', name: '', count: count + 1 }],
  } as const,
}));

describe.skipIf(reason !== undefined)('batches over PostgreSQL', () => {
  const schemas = new Schemas();

  async function openNode(schema: TestSchema): Promise<SharedStore> {
    const node = await openSharedStore(await schema.openEngine());
    onTestFinished(() => node.close());
    return node;
  }

  test('a batch that takes several statements is in the log as a whole and in order, with one id', async () => {
    const schema = await schemas.reuse();
    const first = await openNode(schema);
    await first.apps.create(app);
    const [before] = [first.figures];
    expect(await first.executeAll(app.id, commands)).toEqual(commands.map(() => ({ value: null })));
    const batches = first.figures.appends - before.appends;
    const stored = await withClient(schema.url, async (client) => {
      const { rows } = await client.query<{ seq: string; batch: string | null; event: string }>(
        'select seq, batch, event from event where app > 0 order by seq',
      );
      return rows;
    });
    expect(stored.map(({ seq }) => Number(seq))).toEqual(commands.map((_, index) => index + 1));
    expect(stored.map(({ event }) => JSON.parse(event).counts[0][2])).toEqual(
      commands.map((_, index) => index + 1),
    );
    expect(stored.filter(({ batch }) => batch !== null)).toHaveLength(batches);
    expect(stored[0]?.batch).not.toBeNull();
    const second = await openNode(schema);
    const badges = await second.ask(app.id, { type: 'badges', users, now });
    expect(badges.map((badge) => badge?.externalUnreadCount)).toEqual([448, 449, 450]);
  });
});

if (reason !== undefined) test(`batches over PostgreSQL are skipped: ${reason}`, (context) => context.skip());
