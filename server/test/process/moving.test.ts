/** The commands of docs/moving.md work as they stand, in their order. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openEmbeddedStore } from '../../src/store/embedded.js';
import { Schemas } from '../store/postgres/schemas.js';
import { testServer, whyNoPostgres } from '../store/postgres/test_server.js';
import { anApp, Scenario } from '../store/scenario.js';
import { main, programEnvironment } from './server_process.js';

const page = readFileSync(new URL('../../../docs/moving.md', import.meta.url), 'utf8');

/** `npm run badged --` is the program, and a server is stopped as soon as it listens. */
const prelude = `
npm() {
  shift 3
  if [ "$1" != serve ]; then node "$PROGRAM" "$@"; return; fi
  coproc SERVER { exec node "$PROGRAM" "$@" --port 0; }
  local line pid=$SERVER_PID
  while read -r line <&"\${SERVER[0]}" && [[ $line != listening* ]]; do :; done
  echo "$line"
  kill $pid && wait $pid
}`;

describe.skipIf(whyNoPostgres() !== undefined)('docs/moving.md', () => {
  const schemas = new Schemas(testServer());

  test('its commands move a data directory to PostgreSQL, back, and through a file', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'badged-moving-'));
    onTestFinished(() => rmSync(directory, { recursive: true }));
    const store = await openEmbeddedStore({ directory: join(directory, 'data'), isDurable: false });
    await store.apps.create(anApp());
    const chat = new Scenario({ store, dispose: async () => {} }, anApp().id);
    await chat.send(await chat.conversation(['ann', 'bob']), 'ann');
    await store.close();
    writeFileSync(join(directory, 'data/secret.key'), '0f'.repeat(32));
    const { url } = await schemas.create();
    const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, script]) => script).join('\n');
    const named = /^export DATABASE_URL=.*$/m;
    expect(commands).toMatch(named);
    const script = prelude + commands.replace(named, '');
    const { stdout, stderr } = await promisify(execFile)('bash', ['-euc', script], {
      cwd: directory,
      env: programEnvironment({ PROGRAM: main, DATABASE_URL: url }),
    });
    expect(stderr).toBe('exported everything to badged.ndjson.gz\n');
    const printed = stdout.split('\n');
    expect(printed.filter((line) => line === 'no difference')).toHaveLength(3);
    expect(printed.some((line) => line.startsWith('listening on http://127.0.0.1:'))).toBe(true);
    expect(printed.at(-4)).toContain('"format":"badged"');
    expect(readFileSync(join(directory, 'data-again/secret.key'), 'utf8')).toBe(`${'0f'.repeat(32)}\n`);
  }, 120_000);
});

if (whyNoPostgres() !== undefined)
  test(`docs/moving.md is not run: ${whyNoPostgres()}`, (context) => context.skip());
