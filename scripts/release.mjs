/**
 * `node scripts/release.mjs VERSION [--dry-run]`: makes a release of the repository that it is called in. It sets the version in every
 * package, heads the unreleased part of the changelog with it, commits, tags, and packs into ./release. It pushes and
 * publishes nothing: it prints the commands that do. With --dry-run it says what it would do.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';

const { values, positionals } = parseArgs({
  options: { 'dry-run': { type: 'boolean', default: false } },
  allowPositionals: true,
});
const [version = ''] = positionals;
const git = (...args) => execFileSync('git', args, { encoding: 'utf8' }).trim();

process.chdir(git('rev-parse', '--show-toplevel'));
const root = read('package.json');
refuseMistakes();
const changed = { ...versions(), 'CHANGELOG.md': changelog() };
if (values['dry-run']) console.log(`would change ${Object.keys(changed).join(', ')}`);
else release();

function refuseMistakes() {
  if (!/^\d+\.\d+\.\d+(-[0-9a-z.]+)?$/.test(version)) refuse('Name the version, such as 1.2.0.');
  if (git('status', '--porcelain') !== '')
    refuse('There are changes that are not committed. Commit them first.');
  if (git('tag', '--list', `v${version}`) !== '')
    refuse(`The tag v${version} exists. Choose another version.`);
  if (!isNewer(version, root.version) && git('tag', '--list') !== '')
    refuse(`${version} is not newer than ${root.version}.`);
}

/** The text of each package file, with the new version. */
function versions() {
  const files = ['package.json', ...root.workspaces.map((name) => `${name}/package.json`)];
  const texts = files.map((file) => [file, withVersion(readFileSync(file, 'utf8'))]);
  if (!existsSync('package-lock.json')) return Object.fromEntries(texts);
  return Object.fromEntries([...texts, ['package-lock.json', lockFile()]]);
}

function withVersion(text) {
  return text.replace(/^ {2}"version": "[^"]*"/m, `  "version": "${version}"`);
}

function lockFile() {
  const lock = read('package-lock.json');
  lock.version = version;
  for (const name of ['', ...root.workspaces]) {
    const entry = lock.packages?.[name];
    if (entry?.version !== undefined) entry.version = version;
  }
  return `${JSON.stringify(lock, null, 2)}\n`;
}

/** What was unreleased gets the version and the day. */
function changelog() {
  const text = readFileSync('CHANGELOG.md', 'utf8');
  const [, unreleased] = /^## Unreleased\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(text) ?? [];
  if (unreleased === undefined || unreleased.trim() === '')
    refuse('CHANGELOG.md says nothing under "## Unreleased". Write what a user sees.');
  const day = new Date().toISOString().slice(0, 10);
  return text.replace('## Unreleased\n', `## Unreleased\n\n## ${version} (${day})\n`);
}

function release() {
  for (const [file, text] of Object.entries(changed)) writeFileSync(file, text);
  git('add', ...Object.keys(changed));
  git('commit', '--quiet', '--message', `Release ${version}`);
  git('tag', '--annotate', `v${version}`, '--message', `badged ${version}`);
  const packed = execFileSync(process.execPath, ['scripts/pack.mjs'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  console.log(`${packed}\nRelease ${version} is committed, tagged and packed. To publish it:\n`);
  console.log(`git push origin HEAD v${version}`);
  for (const tarball of packed.trim().split('\n')) console.log(`npm publish ${tarball}`);
}

function isNewer(one, other) {
  const [a, b] = [one, other].map((text) => text.split('-')[0].split('.').map(Number));
  const index = a.findIndex((part, place) => part !== b[place]);
  return index >= 0 && a[index] > b[index];
}

function read(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}
