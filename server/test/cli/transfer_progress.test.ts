import { expect, test } from 'vitest';
import { progressLine, progressReporter } from '../../src/cli/transfer_progress.js';

test('progress says how many rows, how fast, and how long it still takes', () => {
  const progress = { phase: 'exporting', done: 30_000, of: 120_000, bytes: 4_400_000 } as const;
  expect(progressLine(progress, 2)).toBe(
    'exporting: 30,000 of 120,000 rows, 4.4 MB, 15,000 rows/s, 6 s left',
  );
  expect(progressLine({ phase: 'making checkpoints', done: 1, of: 3 }, 0)).toBe(
    'making checkpoints: 1 of 3 apps',
  );
  expect(progressLine({ phase: 'checking', done: 5, of: undefined }, 0)).toBe('checking: 5 rows');
});

test('a log gets a line every ten seconds; a terminal one line that is rewritten', () => {
  let now = 0;
  const written = (isTTY: boolean) => {
    const texts: string[] = [];
    const reporter = progressReporter({ isTTY, write: (text) => texts.push(text) }, () => now);
    for (now = 0; now <= 25_000; now += 100)
      reporter.onProgress({ phase: 'verifying', done: now, of: 25_000 });
    reporter.note('done');
    return texts;
  };
  expect(written(false)).toEqual([
    'verifying: 10,000 of 25,000 rows, 1,000 rows/s, 15 s left\n',
    'verifying: 20,000 of 25,000 rows, 1,000 rows/s, 5 s left\n',
    'done\n',
  ]);
  const rewritten = written(true);
  expect(rewritten).toHaveLength(127);
  for (const text of rewritten.slice(0, -1)) {
    expect(text.startsWith('\r\u001b[Kverifying: ')).toBe(true);
    expect(text).not.toContain('\n');
  }
});
