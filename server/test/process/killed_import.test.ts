/** An import in a real process that is killed in the middle, and goes on in another one: nothing is doubled, and nothing is missing. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { exportData, type Place } from '../../src/offline.js';
import { openEmbeddedStore } from '../../src/store/embedded.js';
import { openConnection } from '../../src/store/sqlite/driver.js';
import { eventually } from '../push/delivery_world.js';
import { Schemas, withClient } from '../store/postgres/schemas.js';
import { whyNoPostgres } from '../store/postgres/test_server.js';
import { anApp, Scenario } from '../store/scenario.js';
import { badged, main, programEnvironment } from './server_process.js';

/** An import writes a thousand rows at a time. */
const messages = 4_000;
const quietly = { onProgress: () => {} };

interface Target {
  readonly place: Place;
  readonly flags: readonly string[];
  /** How many lines are stored; undefined before the first. */
  readonly lines: () => Promise<number | undefined>;
}

describe('an import that is killed (-9) in the middle goes on when it is run again, and ends with the data of the file:', () => {
  const schemas = new Schemas();

  test('into a data directory', async () => {
    const path = join(temporary(), 'data');
    await expectToGoOn({
      place: { kind: 'directory', path },
      flags: ['--data-dir', path],
      lines: async () => {
        const database = openConnection(join(path, 'badged.db'), { isReadOnly: true });
        try {
          return database.prepare<[], { lines: number }>('select lines from import_progress').get()?.lines;
        } finally {
          database.close();
        }
      },
    });
  });

  test.skipIf(whyNoPostgres() !== undefined)('into PostgreSQL', async () => {
    const { url } = await schemas.create();
    await expectToGoOn({
      place: { kind: 'database', url },
      flags: ['--database-url', url],
      lines: () =>
        withClient(url, async (client) => {
          const { rows } = await client.query<{ lines: string }>('select lines from import_progress');
          return rows[0] && Number(rows[0].lines);
        }),
    });
  });
});

async function expectToGoOn({ place, flags, lines }: Target): Promise<void> {
  const file = await exportedFile();
  const bytes = readFileSync(file);
  const importing = spawn(process.execPath, [main, 'import', '-', ...flags], {
    env: programEnvironment(),
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const exited = once(importing, 'exit');
  // It waits for the rest, which never comes.
  importing.stdin.write(bytes.subarray(0, Math.floor(bytes.length * 0.7)));
  await eventually(async () => expect(await lines()).toBeGreaterThan(1_000), 60_000);
  importing.kill('SIGKILL');
  expect(await exited).toEqual([null, 'SIGKILL']);
  const stored = await lines();
  const again = await badged(['import', file, ...flags]);
  expect(again.stderr).toContain(`going on after line ${stored}, where it stopped`);
  expect(again.stdout).toContain('no difference');
  expect(again.status).toBe(0);
  const exported = join(temporary(), 'export');
  await exportData(place, exported, quietly);
  expect(readFileSync(exported)).toEqual(bytes);
}

async function exportedFile(): Promise<string> {
  const directory = temporary();
  const path = join(directory, 'data');
  const store = await openEmbeddedStore({ directory: path, isDurable: false });
  const app = anApp();
  await store.apps.create(app);
  const chat = new Scenario({ store, dispose: async () => {} }, app.id);
  const conversation = await chat.conversation(['ann', 'bob']);
  await chat.sendMany(conversation, 'ann', messages);
  await store.close();
  const file = join(directory, 'export');
  await exportData({ kind: 'directory', path }, file, quietly);
  return file;
}

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'badged-import-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}
