import { describe, expect, test } from 'vitest';
import { Meter, progressReporter, type ReplayEvent, summary } from '../src/progress.js';

const sending = (done: number): ReplayEvent => {
  return {
    type: 'progress',
    phase: 'sending',
    done,
    total: 2_000,
    perSecond: 1_234.5,
    inFlight: 64,
    retries: 2,
  };
};

function reported(isTTY: boolean, events: readonly (readonly [number, ReplayEvent])[]): string {
  let text = '';
  let now = 0;
  const output = {
    isTTY,
    write: (more: string) => {
      text += more;
    },
  };
  const report = progressReporter(output, () => now);
  for (const [at, event] of events) {
    now = at;
    report(event);
  }
  return text;
}

describe('the progress of a replay', () => {
  test('is one line, rewritten, on a terminal', () => {
    const text = reported(true, [
      [0, sending(0)],
      [250, sending(1_999)],
      [500, sending(2_000)],
    ]);
    expect(text.split('\r\u001b[K').slice(1)).toEqual([
      'sending  0 %  0 of 2,000 operations  1,235/s  64 in flight  2 retries',
      'sending  99 %  1,999 of 2,000 operations  1,235/s  64 in flight  2 retries',
      'sending  100 %  2,000 of 2,000 operations  1,235/s  64 in flight  2 retries\n',
    ]);
  });

  test('is a line every few seconds elsewhere, and a last one when it is complete', () => {
    const text = reported(false, [
      [0, sending(0)],
      [250, sending(100)],
      [4_999, sending(900)],
      [5_000, sending(1_000)],
      [5_250, { type: 'note', text: 'the server restarts' }],
      [5_500, sending(2_000)],
    ]);
    expect(text).not.toContain('\u001b');
    expect(text.match(/ [\d,]+ of/g)).toEqual([' 0 of', ' 1,000 of', ' 2,000 of']);
    expect(text).toContain('the server restarts\n');
  });

  test('shows a standstill as one', () => {
    const meter = new Meter();
    expect(meter.sample(0, 0)).toBe(0);
    expect(meter.sample(1_000, 500)).toBe(500);
    let rate = 0;
    for (let second = 2; second < 30; second += 1) rate = meter.sample(second * 1_000, 500);
    expect(rate).toBe(0);
  });
});

describe('the summary', () => {
  const result = {
    workload: 'chat.tsv',
    seed: 1,
    operations: 10_000,
    messages: 5_000,
    reads: 4_000,
    deletions: 10,
    retries: 0,
    seconds: 2,
    users: 50,
    participations: 300,
    differenceCount: 0,
    differences: [],
  };

  test('says that there is no difference', () => {
    expect(summary(result).at(-1)).toBe('no difference');
    expect(summary(result)[0]).toContain('5,000/s');
  });

  test('lists differences, and says how many more there are', () => {
    const difference = {
      user: 'u7',
      conversation: 'c1',
      what: 'unread_message_count',
      expected: 4,
      found: 5,
    };
    const lines = summary({ ...result, differenceCount: 3, differences: [difference] });
    expect(lines.slice(-3)).toEqual([
      '3 DIFFERENCES',
      '  u7 in c1: unread_message_count should be 4, but is 5',
      '  … and 2 more',
    ]);
  });
});
