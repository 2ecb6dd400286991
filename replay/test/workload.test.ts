import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReplayError } from '../src/replay_error.js';
import { readWorkload, type WorkloadMessage } from '../src/workload.js';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'workload-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function file(name: string, content: string | Buffer): string {
  const path = join(directory, name);
  writeFileSync(path, content);
  return path;
}

async function read(path: string, limit?: number): Promise<WorkloadMessage[]> {
  const messages: WorkloadMessage[] = [];
  for await (const message of readWorkload(path, limit)) messages.push(message);
  return messages;
}

const expected = [
  { seconds: 0, conversation: 3, sender: 1 },
  { seconds: 7, conversation: 4_294_967_295, sender: 0 },
];

describe('a recorded workload', () => {
  test.each([
    ['with a header', 'seconds\tconversation\tsender\n0\t3\t1\n7\t4294967295\t0\n'],
    ['without a header', '0\t3\t1\n7\t4294967295\t0\n'],
    ['without a newline at the end', '0\t3\t1\n7\t4294967295\t0'],
    ['with carriage returns', '0\t3\t1\r\n7\t4294967295\t0\r\n'],
  ])('is read %s, plain and gzipped', async (_, text) => {
    expect(await read(file('plain.tsv', text))).toEqual(expected);
    expect(await read(file('packed.tsv.gz', gzipSync(text)))).toEqual(expected);
  });

  test('is read whole, whatever the size of the pieces it comes in', async () => {
    const row = fc.record({ conversation: fc.nat(), sender: fc.nat() });
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 3_000, maxLength: 9_000 }), async (rows) => {
        const messages = rows.map((one, seconds) => ({ seconds, ...one }));
        const text = messages.map((one) => `${one.seconds}\t${one.conversation}\t${one.sender}\n`).join('');
        expect(await read(file('many.tsv.gz', gzipSync(text)))).toEqual(messages);
      }),
      { numRuns: 5 },
    );
  });

  test('stops at the limit, before a line that would be wrong', async () => {
    expect(await read(file('limited.tsv', '0\t3\t1\nrubbish\n'), 1)).toEqual(expected.slice(0, 1));
  });

  test.each([
    ['a word instead of a number', '0\t1\tann', /line 3.*whole numbers.*"0\\t1\\tann".*Correct or remove/],
    ['a missing column', '0\t1', /line 3.*three whole numbers/],
    ['a column too many', '0\t1\t2\t3', /line 3.*three whole numbers/],
    ['an empty line', '', /line 3.*three whole numbers/],
    ['a negative number', '0\t-1\t2', /line 3.*three whole numbers/],
    ['a number that does not fit', '0\t4294967296\t2', /line 3.*at most 4294967295/],
    ['time that goes back', '4\t1\t2', /line 3: time goes back from 5 to 4\. Sort the file/],
  ])('is refused with the number of the line and what to do: %s', async (_, line, message) => {
    const path = file('bad.tsv', `seconds\tconversation\tsender\n5\t1\t1\n${line}\n6\t1\t1\n`);
    await expect(read(path)).rejects.toThrow(message);
    await expect(read(path)).rejects.toBeInstanceOf(ReplayError);
  });

  test('is refused when it holds nothing', async () => {
    const path = file('empty.tsv', 'seconds\tconversation\tsender\n');
    await expect(read(path)).rejects.toThrow(/has no messages/);
  });

  test('is refused when it is not there, or is no gzip file', async () => {
    await expect(read(join(directory, 'absent.tsv'))).rejects.toThrow(/Cannot read .*absent\.tsv: ENOENT/);
    await expect(read(file('false.tsv.gz', '0\t1\t1\n'))).rejects.toThrow(/Cannot read .*header check/);
  });
});
