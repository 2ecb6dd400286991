/** The disk that recordings are applied to, against a plain model of files, and the traces that recordings are made of. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { Disk } from './disk.js';
import type { FileOperation, Recording } from './recording.js';
import { parseTrace } from './strace.js';

function filesAfterPowerCut(recording: Recording): Record<string, string> {
  const scratch = mkdtempSync(join(tmpdir(), 'badged-disk-'));
  onTestFinished(() => rmSync(scratch, { recursive: true, force: true }));
  const directory = join(scratch, 'data');
  new Disk(recording).writeAfterPowerCut(directory);
  const files = readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'latin1')]);
  rmSync(scratch, { recursive: true });
  return Object.fromEntries(files);
}

const open = (file: string): FileOperation => ({ kind: 'open', file, creates: true, truncates: false });
const write = (file: string, offset: number, text: string): FileOperation => ({
  kind: 'write',
  file,
  offset,
  bytes: Buffer.from(text),
});
const sync = (file: string, succeeded = true): FileOperation => ({ kind: 'sync', file, succeeded });
const created = (file: string) => [open(file), sync('')];
const page = (letter: string) => letter.repeat(4_096);

describe('a power cut', () => {
  test('leaves what was synced, and no name whose directory was not', () => {
    const unnamed = [open('b'), write('b', 0, 'b'), sync('b')];
    expect(filesAfterPowerCut([...created('a'), write('a', 0, 'old'), sync('a'), ...unnamed])).toEqual({
      a: 'old',
    });
    expect(
      filesAfterPowerCut([...created('a'), write('a', 0, 'old'), sync('a'), write('a', 0, 'new')]),
    ).toEqual({
      a: 'old',
    });
  });

  test('leaves zeros in place of the pages of a failed sync, unless they are written again', () => {
    const failed = [
      ...created('a'),
      write('a', 0, page('x')),
      sync('a', false),
      write('a', 4_096, page('y')),
    ];
    expect(filesAfterPowerCut([...failed, sync('a')])).toEqual({ a: page('\0') + page('y') });
    expect(filesAfterPowerCut([...failed, write('a', 7, 'x'), sync('a')])).toEqual({
      a: page('x') + page('y'),
    });
  });

  test('leaves a renamed or removed file under the name that was synced last', () => {
    const base = [...created('a'), write('a', 0, 'a'), sync('a')];
    const renamed: FileOperation = { kind: 'rename', file: 'a', to: 'b' };
    expect(filesAfterPowerCut([...base, renamed])).toEqual({ a: 'a' });
    expect(filesAfterPowerCut([...base, renamed, sync('')])).toEqual({ b: 'a' });
    expect(filesAfterPowerCut([...base, { kind: 'remove', file: 'a' }])).toEqual({ a: 'a' });
    expect(filesAfterPowerCut([...base, { kind: 'remove', file: 'a' }, sync('')])).toEqual({});
  });

  test('leaves all that programs read, if every sync succeeds and nothing comes after the last one', () => {
    const file = fc.constantFrom('a', 'b');
    const operation = fc.oneof(
      fc.record({
        kind: fc.constant('write' as const),
        file,
        offset: fc.nat(9_000),
        length: fc.integer({ min: 1, max: 9_000 }),
      }),
      fc.record({ kind: fc.constant('truncate' as const), file, length: fc.nat(9_000) }),
      fc.record({ kind: fc.constant('sync' as const), file, succeeded: fc.constant(true) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 12 }), (operations) => {
        const plain = { a: Buffer.alloc(0), b: Buffer.alloc(0) };
        const recording = operations.map((each, index): FileOperation => {
          const of = each.file === 'a' ? 'a' : 'b';
          if (each.kind === 'sync') return each;
          if (each.kind === 'truncate') {
            plain[of] = Buffer.concat([plain[of], Buffer.alloc(each.length)]).subarray(0, each.length);
            return each;
          }
          const bytes = Buffer.alloc(each.length, index + 1);
          const missing = Math.max(0, each.offset + each.length - plain[of].length);
          plain[of] = Buffer.concat([plain[of], Buffer.alloc(missing)]);
          bytes.copy(plain[of], each.offset);
          return { kind: 'write', file: of, offset: each.offset, bytes };
        });
        const all = [open('a'), open('b'), sync(''), ...recording, sync('a'), sync('b')];
        expect(filesAfterPowerCut(all)).toEqual({
          a: plain.a.toString('latin1'),
          b: plain.b.toString('latin1'),
        });
      }),
      { numRuns: 50 },
    );
  });
});

describe('a trace', () => {
  const hex = (text: string) =>
    [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');
  const descriptor = (path: string) => `7<${hex(path)}>`;

  test('becomes the operations on files of the directory, in order, also where threads interrupt one another', () => {
    const trace = [
      `11 openat(AT_FDCWD<${hex('/')}>, "${hex('/data/a')}", O_RDWR|O_CREAT|O_CLOEXEC, 0600) = ${descriptor('/data/a')}`,
      `11 openat(AT_FDCWD<${hex('/')}>, "${hex('/data/none')}", O_RDONLY) = -1 ENOENT (No such file or directory)`,
      `11 pwrite64(${descriptor('/data/a')}, "${hex('one')}", 3, 5 <unfinished ...>`,
      `12 write(${descriptor('/elsewhere')}, "${hex('no')}", 2) = 2`,
      '11 <... pwrite64 resumed>) = 3',
      `11 write(${descriptor('/data/a')}, "${hex('two')}", 3) = 2`,
      `11 write(${descriptor('/data/a')}, "${hex('o')}", 1) = 1`,
      `11 fsync(${descriptor('/data/a')}) = -1 EIO (Input/output error) (INJECTED)`,
      `11 fsync(${descriptor('/data')}) = 0`,
      `11 ftruncate(${descriptor('/data/a')}, 4) = 0`,
      `11 rename("${hex('/data/a')}", "${hex('/data/b')}") = 0`,
      `11 unlink("${hex('/data/b')}") = 0`,
      `11 pwrite64(${descriptor('/data/b-shm')}, "${hex('no')}", 2, 0) = 2`,
      '11 +++ killed by SIGKILL +++',
      '',
    ].join('\n');
    expect(parseTrace(trace, '/data')).toEqual([
      { kind: 'open', file: 'a', creates: true, truncates: false },
      write('a', 5, 'one'),
      write('a', 0, 'tw'),
      write('a', 2, 'o'),
      sync('a', false),
      sync(''),
      { kind: 'truncate', file: 'a', length: 4 },
      { kind: 'rename', file: 'a', to: 'b' },
      { kind: 'remove', file: 'b' },
    ]);
  });
});
