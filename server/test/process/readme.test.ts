/** What the README shows works as it stands. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startServer } from './server_process.js';

const readme = readFileSync(new URL('../../../README.md', import.meta.url), 'utf8');

const at = (path: string) => new URL(`../../../${path}`, import.meta.url);

describe('the README', () => {
  test('its tour works, step by step, on a first start', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'badged-readme-'));
    const server = await startServer(join(directory, 'data'));
    onTestFinished(async () => {
      await server.kill();
      rmSync(directory, { recursive: true });
    });
    const tour = /<!-- tour:[^>]*-->\n```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
    const [, app = '', token = ''] =
      /Demo app:\s+(\S+)\nDemo app's token[^:]*:\s+(\S+)/.exec(server.printed) ?? [];
    // The reader has sent the message of the first start already: the numbers of the tour are true all the same.
    const [firstCall = ''] = /^curl -X POST (?:.*\\\n)*.*$/m.exec(server.printed) ?? [];
    execFileSync('bash', ['--norc', '-c', firstCall.replace('curl', 'curl -sf')]);
    const script = tour.replace(/^call (?!\()/gm, 'echo; call ');
    const run = spawnSync('bash', ['--norc', '-euc', script], {
      encoding: 'utf8',
      env: { ...process.env, URL: server.url, APP: app, TOKEN: token },
    });
    expect(run.stderr).toBe('');
    const answers = run.stdout.split('\n').filter((line) => line.startsWith('{'));
    const badges = answers
      .map((line) => JSON.parse(line))
      .filter((answer) => 'badge_mode' in answer && !('items' in answer));
    expect(badges[0]).toMatchObject({ badge: 4, unread_message_count: 1, external_unread_count: 3 });
    expect(badges.at(-1)).toMatchObject({ badge: 3, unread_message_count: 0 });
  });

  test('the answer it shows has the fields that the server answers with', () => {
    const shown: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(readme)?.[1] ?? '');
    expect(Object.keys(shown ?? {})).toEqual([
      'external_unread_count',
      'unread_conversation_count',
      'unread_message_count',
      'unread_announcement_count',
      'badge',
      'badge_mode',
    ]);
  });

  test('every file that SPEC.md names as enforcing or proving a promise is there', () => {
    const spec = readFileSync(new URL('../../../SPEC.md', import.meta.url), 'utf8');
    const rows = spec.split('\n').filter((line) => /^\| \d+ \|/.test(line));
    expect(rows).toHaveLength(10);
    for (const row of rows) {
      let folder = '';
      for (const [, name = ''] of row.matchAll(/`([\w./-]+(?:\.ts|\/))`/g)) {
        if (name.includes('/')) folder = name.slice(0, name.lastIndexOf('/') + 1);
        const path = name.includes('/') && existsSync(at(name)) ? name : `${folder}${name}`;
        expect(existsSync(at(path)), `${path} in ${row.slice(0, 40)}`).toBe(true);
      }
    }
  });

  test('every file and command that it names is there', () => {
    const manifest: unknown = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    );
    const scripts =
      typeof manifest === 'object' && manifest !== null && 'scripts' in manifest ? manifest.scripts : {};
    const named = [...readme.matchAll(/npm run (\w+)/g)].map((match) => match[1] ?? '');
    for (const name of new Set(named)) expect(Object.keys(scripts ?? {}), `npm run ${name}`).toContain(name);
    for (const [, link = ''] of readme.matchAll(/\]\(([^)#:]+)\)/g)) {
      expect(() => readFileSync(new URL(`../../../${link}`, import.meta.url)), link).not.toThrow(/ENOENT/);
    }
  });
});
