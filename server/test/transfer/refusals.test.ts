/** What is damaged, cut off or not empty is refused with a sentence, and an import that was cut goes on where it stopped. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { exportData, importData } from '../../src/offline.js';
import { openEmbeddedStore, verifyDirectory, withDirectoryTarget } from '../../src/store/embedded.js';
import {
  expectToResume,
  exported,
  linesOf,
  newDirectory,
  quietly,
  temporary,
  transferWorld,
} from './transfer_world.js';

const world = transferWorld();

/** The file with other lines. */
function fileOf(lines: readonly string[]): string {
  const path = join(temporary(), 'changed');
  writeFileSync(path, gzipSync(`${lines.join('\n')}\n`));
  return path;
}

const again = 'Copy or export it again.';
const changed = 'The file is damaged or was changed: line';

/** A line of the file that has this, by its index. */
function indexOf(lines: readonly string[], text: string): number {
  const index = lines.findIndex((line) => line.includes(text));
  expect(index).toBeGreaterThan(0);
  return index;
}

describe('a file is refused as a whole, before anything is written, if', () => {
  const changes: Record<string, readonly [change: (lines: string[]) => readonly string[], sentence: string]> =
    {
      'its last lines are missing': [
        (lines) => lines.slice(0, -1),
        'The file is cut off: it ends after line',
      ],
      'a number in it was changed': [
        (lines) =>
          lines.map((line) =>
            line.replace('["ann","tasks",3]', '["ann","tasks",4]').replace('"position":4', '"position":5'),
          ),
        `${changed} ${'LAST'} has another checksum than the lines before it. ${again}`,
      ],
      'an event is missing': [
        (lines) => lines.toSpliced(indexOf(lines, '"seq":5,'), 1),
        'has event 6 in place of 5',
      ],
      'a row of another type is missing': [
        (lines) => lines.toSpliced(indexOf(lines, '"type":"token"'), 1),
        'has another checksum than the lines before it',
      ],
      'two apps were swapped': [
        (lines) => {
          const [one, other] = [
            indexOf(lines, '"type":"app","app":1'),
            indexOf(lines, '"type":"app","app":3'),
          ];
          const [before, after] = [lines.slice(0, one), lines.slice(other, -1)];
          return [...before, ...after, ...lines.slice(one, other), ...lines.slice(-1)];
        },
        'has app 1 after app 3',
      ],
      'a row of an app stands in another one': [
        (lines) => lines.map((line) => line.replace('"type":"token","app":3', '"type":"token","app":1')),
        'has a row of type token out of place',
      ],
      'a line is no JSON': [
        (lines) => lines.with(5, '{"type":"event"'),
        `${changed} 6 is not as badged writes it. ${again}`,
      ],
      'a row has a property that this version does not have': [
        (lines) => lines.map((line) => line.replace('"type":"token",', '"type":"token","new":1,')),
        'is not as badged writes it',
      ],
      'something follows the end': [(lines) => [...lines, '{}'], 'comes after the end'],
      'it is of a later format': [
        (lines) => lines.with(0, (lines[0] ?? '').replace('"version":1', '"version":3')),
        'The file has version 3 of the format, made by badged',
      ],
      'it is another file': [() => ['hello'], 'This is not a file that badged has exported.'],
    };
  for (const [what, [change, sentence]] of Object.entries(changes)) {
    test(what, async () => {
      const lines = linesOf(world.file);
      const to = newDirectory();
      const expected = sentence.replace('LAST', String(lines.length));
      await expect(importData(fileOf(change(lines)), to, quietly)).rejects.toThrow(expected);
      expect(existsSync(to.path)).toBe(false);
    });
  }

  test('its bytes were cut off or changed', async () => {
    const bytes = readFileSync(world.file);
    const path = join(temporary(), 'changed');
    const to = newDirectory();
    writeFileSync(path, bytes.subarray(0, -20));
    await expect(importData(path, to, quietly)).rejects.toThrow(`${path} is cut off. ${again}`);
    writeFileSync(path, bytes.with(bytes.length - 6, (bytes.at(-6) ?? 0) ^ 1));
    await expect(importData(path, to, quietly)).rejects.toThrow('or it is damaged');
    writeFileSync(path, 'hello');
    await expect(importData(path, to, quietly)).rejects.toThrow('is no file that badged has exported');
    await expect(importData(`${path}.gz`, to, quietly)).rejects.toThrow(`There is no ${path}.gz.`);
    expect(existsSync(to.path)).toBe(false);
  });
});

test('an export replaces no file, and leaves none behind if it fails', async () => {
  const from = newDirectory();
  await expect(exportData(from, world.file, quietly)).rejects.toThrow(`${world.file} exists.`);
  const to = join(temporary(), 'export');
  await expect(exportData(from, to, quietly)).rejects.toThrow('Name the data directory with --data-dir.');
  expect([existsSync(to), existsSync(`${to}.partial`)]).toEqual([false, false]);
});

test('the secret key does not move; an import says whether the one here is the one of the data', async () => {
  const file = join(temporary(), 'export');
  const key = '0f'.repeat(32);
  await exportData({ kind: 'directory', path: world.directory }, file, { ...quietly, secretKey: key });
  expect(linesOf(file).filter((line) => line.includes(key))).toEqual([]);
  const importing = async (options: { secretKey?: string }) =>
    (await importData(file, newDirectory(), { ...quietly, ...options })).secretKey;
  expect(await importing({ secretKey: key })).toBe('same');
  expect(await importing({ secretKey: '1f'.repeat(32) })).toBe('different');
  expect(await importing({})).toBe('missing');
});

test('a directory that has data is refused, and stays as it is', async () => {
  const to = newDirectory();
  await importData(world.file, to, quietly);
  await expect(importData(world.file, to, quietly)).rejects.toThrow(`There is data in ${to.path} already.`);
  expect(await exported(to)).toEqual(readFileSync(world.file));
});

describe('an import that is cut', () => {
  test('goes on where it stopped, with the same lines only', async () => {
    const to = newDirectory();
    await expectToResume(world, (use) => withDirectoryTarget(to.path, use));
    expect(await exported(to)).toEqual(readFileSync(world.file));
    expect((await verifyDirectory(to.path)).differences).toEqual([]);
  });

  test('leaves a directory that no server, no export and no recount uses, until it is complete', async () => {
    const to = newDirectory();
    const cut = Readable.from([readFileSync(world.file).subarray(0, -100)]);
    await expect(importData(cut, to, quietly)).rejects.toThrow('The input is cut off.');
    const sentence = `An import into ${to.path} has begun and is not complete. Run it again: it goes on where it stopped.`;
    await expect(openEmbeddedStore({ directory: to.path, isDurable: false })).rejects.toThrow(sentence);
    await expect(exported(to)).rejects.toThrow(sentence);
    await expect(verifyDirectory(to.path)).rejects.toThrow(sentence);
    await importData(world.file, to, quietly);
    expect(await exported(to)).toEqual(readFileSync(world.file));
  });
});
