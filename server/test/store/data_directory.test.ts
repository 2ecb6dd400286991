/** A directory that cannot hold the data is refused by a sentence that says what to do, and no raw error is left. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { DataDirectoryError, dataDirectoryError } from '../../src/store/sqlite/data_directory_error.js';
import { openDatabase } from '../../src/store/sqlite/database.js';

const folder = mkdtempSync(join(tmpdir(), 'badged-impossible-'));
afterAll(() => rmSync(folder, { recursive: true }));

function at(name: string, make: (path: string) => void): string {
  const path = join(folder, name);
  make(path);
  return path;
}

const impossible: readonly (readonly [what: string, directory: string, sentence: RegExp])[] = [
  ['a file', at('file', (path) => writeFileSync(path, '')), /is not a directory/],
  ['below a file', join(folder, 'file', 'data'), /is not a directory/],
  [
    'a link to nothing',
    at('link', (path) => symlinkSync(join(folder, 'nothing'), path)),
    /is not a directory/,
  ],
  ['a link to itself', at('loop', (path) => symlinkSync(path, path)), /cannot be made|is not a directory/],
  ['a name that is too long', join(folder, 'a'.repeat(300)), /cannot be made/],
  ['a name with NUL', `${folder}/a\0b`, /cannot be made/],
  ['where the system makes no directories', '/proc/badged/data', /cannot be (made|opened)|read-only/],
  [
    'a directory for badged.db',
    at('db', (path) => mkdirSync(join(path, 'badged.db'), { recursive: true })),
    /must be files/,
  ],
  [
    'a directory for owner.lock',
    at('lock', (path) => mkdirSync(join(path, 'owner.lock'), { recursive: true })),
    /must be files/,
  ],
];

describe('the data directory cannot be', () => {
  test.each(impossible)('%s', (_, directory, sentence) => {
    const open = () => openDatabase(directory, { isDurable: false }).close();
    expect(open).toThrow(DataDirectoryError);
    expect(open).toThrow(sentence);
  });
});

test.each([
  ['EROFS', /is read-only\. The server must be able to write/],
  ['EACCES', /must belong to the user of this process/],
  ['ENOSPC', /is full\. Free some space/],
])('an error %s of the system is a sentence', (code, sentence) => {
  const known = dataDirectoryError(Object.assign(new Error('raw'), { code }), '/srv/badged');
  expect(known).toBeInstanceOf(DataDirectoryError);
  expect(String(known)).toMatch(sentence);
});
