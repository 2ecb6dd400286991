/** All data moves from either engine into either, and is the same there. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { copyData, exportData, importData, type Place } from '../../src/offline.js';
import { openClusterStore, withDatabaseTarget } from '../../src/store/cluster.js';
import { Retention } from '../../src/store/host/retention.js';
import { openSqliteEngine } from '../../src/store/sqlite/engine.js';
import { rowOrder } from '../../src/store/transfer_port.js';
import { load } from '../../src/transfer/load.js';
import { Schemas, withClient } from '../store/postgres/schemas.js';
import { whyNoPostgres } from '../store/postgres/test_server.js';
import { expectToGoOn, shown, users } from './every_kind.js';
import {
  expectToResume,
  exported,
  linesOf,
  newDirectory,
  open,
  quietly,
  temporary,
  transferWorld,
} from './transfer_world.js';

const world = transferWorld();

describe('a transfer file', () => {
  test('has every type of row and of event', () => {
    const rows = linesOf(world.file)
      .slice(1, -1)
      .map((line) => JSON.parse(line));
    expect(new Set(rows.map(({ type }) => type))).toEqual(
      // What old events came to: of no app here.
      new Set(rowOrder.filter((type) => type !== 'base')),
    );
    const events = rows.filter(({ type }) => type === 'event').map(({ event }) => event.type);
    expect(new Set(events).size).toBe(12);
  });

  test('begins with a header, and ends with counts and the checksum of all before it', () => {
    const all = linesOf(world.file);
    expect(JSON.parse(all[0] ?? '')).toEqual({
      format: 'badged',
      version: 1,
      madeBy: expect.any(String),
      secretKeyId: null,
      lastAppNumber: 4,
      events: all.filter((line) => line.startsWith('{"type":"event"')).length,
    });
    const before = `${all.slice(0, -1).join('\n')}\n`;
    expect(JSON.parse(all.at(-1) ?? '')).toMatchObject({
      type: 'end',
      rows: { app: 2, token: 3, device: 4 },
      sha256: createHash('sha256').update(before).digest('hex'),
    });
  });

  test('moves from a data directory into another: the same file comes out, everything is shown as before, and goes on', async () => {
    const to = newDirectory();
    const { verified, secretKey } = await importData(world.file, to, quietly);
    expect([verified.differences, verified.messages, secretKey]).toEqual([[], 9, 'unknown']);
    expect(await exported(to)).toEqual(readFileSync(world.file));
    const store = await open(to);
    expect(await shown(store, world.kinds)).toEqual(world.expected);
    await expectToGoOn(store, world.kinds);
  });
});

/** A data directory whose old rows were dropped. */
async function withoutOldRows(): Promise<Place> {
  const { path } = newDirectory();
  await importData(world.file, { kind: 'directory', path }, quietly);
  const engine = openSqliteEngine({ directory: path, isDurable: false });
  const apps = engine.apps();
  const pace = { rows: 1, pauseMs: 0 };
  const onWarning = expect.unreachable;
  await new Retention({ engine, apps: () => apps, keepMs: 0, now: Date.now, pace, onWarning }).round();
  await engine.close();
  return { kind: 'directory', path };
}

test('data whose old rows were dropped moves with what they came to', async () => {
  const from = await withoutOldRows();
  const file = join(temporary(), 'file');
  await exportData(from, file, quietly);
  const [header = '', ...lines] = linesOf(file);
  expect(JSON.parse(header)).toMatchObject({ version: 2, events: lines.filter(isEvent).length });
  expect(lines.filter(isEvent).length).toBeLessThan(linesOf(world.file).filter(isEvent).length / 2);
  const to = newDirectory();
  const { verified } = await importData(file, to, quietly);
  expect(verified.differences).toEqual([]);
  expect(verified.droppedRows).toBeGreaterThan(10);
  expect(await exported(to)).toEqual(readFileSync(file));
  expect(await badgesOf(to)).toEqual(await badgesOf(from));
});

function isEvent(line: string): boolean {
  return line.startsWith('{"type":"event"');
}

async function badgesOf(place: Place): Promise<unknown> {
  const store = await open(place);
  const badges = await store.ask(world.kinds.app, { type: 'badges', users, now: Date.now() });
  expect(badges.filter((badge) => badge !== undefined).length).toBeGreaterThan(1);
  return badges;
}

describe.skipIf(whyNoPostgres() !== undefined)('between the engines', () => {
  const schemas = new Schemas();

  test('so it does between the engines', async () => {
    const { url } = await schemas.create();
    const from = await withoutOldRows();
    const { verified } = await copyData(from, { kind: 'database', url }, quietly);
    expect(verified.differences).toEqual([]);
    expect(await exported({ kind: 'database', url })).toEqual(await exported(from));
  });

  test('a file moves into PostgreSQL, and a copy back: the same file comes out each time, and everything is shown as before', async () => {
    const { url } = await schemas.create();
    const database: Place = { kind: 'database', url };
    await importData(world.file, database, quietly);
    expect(await exported(database)).toEqual(readFileSync(world.file));
    const directory = newDirectory();
    await copyData(database, directory, quietly);
    expect(await exported(directory)).toEqual(readFileSync(world.file));
    for (const place of [database, directory]) {
      const store = await open(place);
      expect(await shown(store, world.kinds)).toEqual(world.expected);
      await expectToGoOn(store, world.kinds);
    }
    // A table that is added moves as well, or is made again from others.
    await withClient(url, async (client) => {
      const { rows } = await client.query<{ name: string }>(
        'select tablename as name from pg_tables where schemaname = current_schema() order by name',
      );
      expect(rows.map(({ name }) => name).sort()).toEqual([...moved, ...made, ...ofTheDatabase].sort());
    });
  });

  test('an import that is cut goes on where it stopped; until then no server starts, and another import is refused', async () => {
    const { url } = await schemas.create();
    const to: Place = { kind: 'database', url };
    const [header = '', ...lines] = linesOf(world.file);
    await withDatabaseTarget(url, async ({ tables }) => {
      const cut = load(Readable.from([[header, ...lines.slice(0, 5)]]), tables, {
        name: 'it',
        rowsPerWrite: 2,
      });
      await expect(cut).rejects.toThrow('is cut off');
      const elsewhere = { lines: 3, sha256: '' };
      await expect(tables.write([], elsewhere, { lines: 9, sha256: '' })).rejects.toThrow();
      expect(await tables.state()).toMatchObject({ lines: 5 });
    });
    const sentence = 'An import into this database has begun and is not complete. Run it again';
    await expect(openClusterStore({ url })).rejects.toThrow(sentence);
    await expect(exported(to)).rejects.toThrow(sentence);
    await expectToResume(world, (use) => withDatabaseTarget(url, use), 5);
    await expect(importData(world.file, to, quietly)).rejects.toThrow(
      'There is data in the database already.',
    );
    expect(await exported(to)).toEqual(readFileSync(world.file));
  });
});

if (whyNoPostgres() !== undefined)
  test(`moving to PostgreSQL is skipped: ${whyNoPostgres()}`, (context) => context.skip());

const moved = [
  'app',
  'token',
  'secret',
  'event',
  'device',
  'outbox',
  'outbox_settled',
  'credential',
  'record',
];
/** From the events. */
const made = [
  'log_head',
  'checkpoint',
  'app_user',
  'conversation',
  'participation',
  'announcement',
  'message_id',
];
/** Of the servers that run. A sign-out is of the sessions of one secret key, which is not moved either. */
const ofTheDatabase = [
  'badged_schema',
  'import_progress',
  'server',
  'walk',
  'access_change',
  'ended_session',
];
