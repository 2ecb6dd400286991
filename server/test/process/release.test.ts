/** scripts/release.mjs, on a small repository of the same form. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

const script = resolve(import.meta.dirname, '../../../scripts/release.mjs');

function repository() {
  const folder = mkdtempSync(join(tmpdir(), 'badged-release-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const read = (file: string) => readFileSync(join(folder, file), 'utf8');
  const git = (...args: readonly string[]) => {
    const name = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
    return execFileSync('git', [...name, ...args], { cwd: folder, encoding: 'utf8' }).trim();
  };
  for (const name of ['core', 'scripts']) mkdirSync(join(folder, name));
  const manifest = { name: 'badged', version: '0.1.0', workspaces: ['core'], dependencies: { core: '*' } };
  write('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  write('core/package.json', `${JSON.stringify({ name: 'core', version: '0.1.0' }, null, 2)}\n`);
  const packages = {
    '': { version: '0.1.0' },
    core: { version: '0.1.0' },
    'node_modules/x': { version: '9.0.0' },
  };
  write('package-lock.json', JSON.stringify({ version: '0.1.0', packages }));
  write('CHANGELOG.md', '# Changelog\n\n## Unreleased\n\n- What a user sees.\n');
  write('scripts/pack.mjs', "console.log('badged.tgz');\n");
  git('init', '--quiet');
  git('config', 'user.name', 'a');
  git('config', 'user.email', 'a@example.com');
  git('add', '.');
  git('commit', '--quiet', '--message', 'all');
  const release = (...args: readonly string[]) => {
    const options = { cwd: folder, encoding: 'utf8', stdio: 'pipe' } as const;
    return execFileSync(process.execPath, [script, ...args], options);
  };
  return { write, read, git, release };
}

test('a release has one version everywhere, a headed changelog, a commit, a tag and packages', () => {
  const { read, git, release } = repository();
  expect(release('0.2.0')).toMatch(
    /badged\.tgz\n[\s\S]*git push origin HEAD v0\.2\.0\nnpm publish badged\.tgz/,
  );
  for (const file of ['package.json', 'core/package.json'])
    expect(read(file)).toContain('"version": "0.2.0"');
  expect(JSON.parse(read('package-lock.json')).packages).toEqual({
    '': { version: '0.2.0' },
    core: { version: '0.2.0' },
    'node_modules/x': { version: '9.0.0' },
  });
  expect(read('CHANGELOG.md')).toMatch(
    /^# Changelog\n\n## Unreleased\n\n## 0\.2\.0 \(\d{4}-\d\d-\d\d\)\n\n- What/,
  );
  expect(git('log', '--format=%s', '-1')).toBe('Release 0.2.0');
  expect(git('tag', '--points-at', 'HEAD')).toBe('v0.2.0');
  expect(git('status', '--porcelain')).toBe('');
  expect(() => release('0.3.0'), 'nothing is unreleased').toThrow('says nothing under "## Unreleased"');
});

test('a dry run changes nothing, and mistakes are refused before anything is changed', () => {
  const { write, git, release } = repository();
  const before = git('rev-parse', 'HEAD');
  expect(release('0.2.0', '--dry-run')).toContain('would change package.json, core/package.json');
  expect(() => release('next')).toThrow('Name the version, such as 1.2.0.');
  git('tag', 'v0.2.0');
  expect(() => release('0.2.0')).toThrow('The tag v0.2.0 exists');
  expect(() => release('0.0.9')).toThrow('0.0.9 is not newer than 0.1.0');
  write('CHANGELOG.md', '');
  expect(() => release('0.3.0')).toThrow('not committed');
  expect([git('rev-parse', 'HEAD'), git('tag')]).toEqual([before, 'v0.2.0']);
});
