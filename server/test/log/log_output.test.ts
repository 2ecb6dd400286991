/** The output of the log: it never waits, its buffer is bounded, and every line is written whole or counted as dropped. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogOutput } from '../../src/log/log_output.js';

/** A reader of standard error that takes a number of bytes at a time. */
class Reader {
  room = Number.POSITIVE_INFINITY;
  taken = '';

  readonly writeNow = (bytes: Uint8Array): number => {
    const part = bytes.subarray(0, Math.min(this.room, bytes.length));
    this.room -= part.length;
    this.taken += Buffer.from(part).toString('latin1');
    return part.length;
  };
}

function open(maxBufferedBytes: number) {
  const reader = new Reader();
  const output: LogOutput = new LogOutput({
    writeNow: reader.writeNow,
    onDropped: (lines) => output.write(`dropped ${lines}\n`),
    maxBufferedBytes,
  });
  return { reader, output };
}

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ write: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ room: fc.integer({ min: 0, max: 200 }) }) },
);

test('whatever the reader takes and when, lines are whole and in order, and those that are missing are counted', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
      const { reader, output } = open(300);
      reader.room = 0;
      let lines = 0;
      for (const each of steps) {
        if ('write' in each) {
          lines += 1;
          output.write(`line ${lines} ${'x'.repeat(each.write)}\n`);
        } else {
          reader.room = each.room;
          output.retry();
        }
        expect(output.bufferedBytes).toBeLessThanOrEqual(300);
      }
      reader.room = Number.POSITIVE_INFINITY;
      output.flushSync();
      let next = 1;
      for (const line of reader.taken.split('\n').slice(0, -1)) {
        const [, dropped] = /^dropped (\d+)$/.exec(line) ?? [];
        if (dropped !== undefined) next += Number(dropped);
        else {
          expect(line).toMatch(new RegExp(`^line ${next} x+$`));
          next += 1;
        }
      }
      expect(next).toBe(lines + 1);
    }),
  );
});

test('a line is written at once while the reader keeps up', () => {
  const { reader, output } = open(300);
  output.write('one\n');
  expect(reader.taken).toBe('one\n');
  output.write('two\n');
  expect(reader.taken).toBe('one\ntwo\n');
  expect(output.droppedTotal).toBe(0);
});

test('a flush gives up on a reader who takes nothing', () => {
  const { reader, output } = open(300);
  reader.room = 2;
  output.write('one\n');
  output.flushSync();
  expect(output.bufferedBytes).toBe(2);
  reader.room = 2;
  output.flushSync();
  expect(reader.taken).toBe('one\n');
});
