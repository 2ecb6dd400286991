/** The commands of docs/moving.md, docs/backup.md and docs/rotation.md work as they stand. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openEmbeddedStore } from '../../src/store/embedded.js';
import { Schemas } from '../store/postgres/schemas.js';
import { whyNoPostgres } from '../store/postgres/test_server.js';
import { anApp, Scenario } from '../store/scenario.js';
import { commandsOf, runCommands } from './page_commands.js';

const secretKey = '0f'.repeat(32);

/** A directory with `data` in it, as a server left it. */
async function directoryWithData(): Promise<string> {
  const directory = mkdtempSync(join(tmpdir(), 'badged-moving-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const store = await openEmbeddedStore({ directory: join(directory, 'data'), isDurable: false });
  await store.apps.create(anApp());
  const chat = new Scenario({ store, dispose: async () => {} }, anApp().id);
  await chat.send(await chat.conversation(['ann', 'bob']), 'ann');
  await store.close();
  writeFileSync(join(directory, 'data/secret.key'), secretKey);
  return directory;
}

test('docs/backup.md: a data directory is backed up, and restored', async () => {
  const directory = await directoryWithData();
  const { stdout, stderr } = await runCommands(commandsOf('backup.md'), directory);
  expect(stderr).toBe('backed up ./data to backup.db\n');
  expect(stdout).toContain('recounted 1 messages, 2 participations and 2 users of 1 apps');
  expect(stdout).toMatch(/^no difference$/m);
  expect(stdout).toMatch(/^listening on http/m);
}, 120_000);

test('docs/rotation.md: the admin token and the secret key are replaced', async () => {
  const directory = await directoryWithData();
  const { stdout } = await runCommands(commandsOf('rotation.md'), directory);
  expect(stdout).toMatch(/^Admin token \(shown only once\): badged_admin_\S{43}$/m);
  // The new one is the one that is valid: no start shows another.
  expect(stdout.match(/badged_admin_/g)).toHaveLength(1);
  expect(stdout.match(/^listening on http/gm)).toHaveLength(2);
  expect(readFileSync(join(directory, 'data/secret.key'), 'utf8').trim()).not.toBe(secretKey);
  expect(readFileSync(join(directory, 'secret.key.old'), 'utf8').trim()).toBe(secretKey);
}, 120_000);

describe.skipIf(whyNoPostgres() !== undefined)('docs/moving.md', () => {
  const schemas = new Schemas();

  test('a data directory is moved to PostgreSQL, back, and through a file', async () => {
    const directory = await directoryWithData();
    const { url } = await schemas.create();
    const commands = commandsOf('moving.md');
    const named = /^export DATABASE_URL=.*$/m;
    expect(commands).toMatch(named);
    const run = await runCommands(commands.replace(named, ''), directory, { DATABASE_URL: url });
    expect(run.stderr).toBe('exported everything to badged.ndjson.gz\n');
    const printed = run.stdout.split('\n');
    expect(printed.filter((line) => line === 'no difference')).toHaveLength(3);
    expect(printed.some((line) => line.startsWith('listening on http://127.0.0.1:'))).toBe(true);
    expect(printed.at(-4)).toContain('"format":"badged"');
    expect(readFileSync(join(directory, 'data-again/secret.key'), 'utf8')).toBe(`${secretKey}\n`);
  }, 120_000);
});

if (whyNoPostgres() !== undefined)
  test(`docs/moving.md is not run: ${whyNoPostgres()}`, (context) => context.skip());
