/** The memory budget of a server over SQLite: it warns well before, refuses what grows, and accepts it again. */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEmbeddedStore } from '../../src/store/embedded.js';
import { MemoryBudget, observeHeap } from '../../src/store/host/memory_budget.js';
import { anApp } from './scenario.js';

const mebibyte = 2 ** 20;

/** A budget of 100 MiB over a heap of 1,000 MiB. */
function budgetOf(use: { apps: number; heap: number }) {
  const warnings: string[] = [];
  const memory = new MemoryBudget({
    budget: 100 * mebibyte,
    bytes: () => use.apps * mebibyte,
    heap: { liveBytes: () => use.heap * mebibyte, limit: 1_000 * mebibyte },
    onWarning: (message) => warnings.push(message),
  });
  return { memory, warnings };
}

test('it warns at four fifths, refuses growth at the budget and messages a tenth above, and says each once', () => {
  const use = { apps: 79, heap: 10 };
  const { memory, warnings } = budgetOf(use);
  const seen: string[] = [];
  for (const apps of [79, 80, 81, 99, 100, 101, 109, 110, 111, 100, 99, 80, 79]) {
    use.apps = apps;
    memory.check();
    seen.push(`${apps} ${memory.pressure} ${warnings.length}`);
  }
  expect(seen).toEqual([
    '79 none 0',
    '80 none 1',
    '81 none 1',
    '99 none 1',
    '100 growth 2',
    '101 growth 2',
    '109 growth 2',
    '110 messages 3',
    '111 messages 3',
    '100 growth 4',
    '99 none 5',
    '80 none 5',
    '79 none 6',
  ]);
  expect(warnings[0]).toMatch(
    /^Memory is getting short\. Apps take 80 MiB of their 100 MiB \(--memory-budget\)/,
  );
  expect(warnings[1]).toMatch(/^Memory is short: new users, .* are refused\. .*Delete conversations/);
  expect(warnings[4]).toMatch(/^Everything is accepted again\./);
  expect(warnings[5]).toMatch(/^Memory is no longer short\./);
});

test('a full JavaScript heap counts as a full budget', () => {
  const use = { apps: 1, heap: 699 };
  const { memory, warnings } = budgetOf(use);
  const seen = [699, 700, 800, 900, 10].map((heap) => {
    use.heap = heap;
    memory.check();
    return `${memory.pressure} ${warnings.length}`;
  });
  expect(seen).toEqual(['none 0', 'none 1', 'growth 2', 'messages 3', 'none 4']);
});

test('the heap of this process is known', () => {
  const heap = observeHeap();
  expect(heap.liveBytes()).toBeGreaterThan(mebibyte);
  expect(heap.liveBytes()).toBeLessThan(heap.limit);
  heap.stop?.();
});

test('a store beyond its budget refuses new conversations, also after it is opened again, and counts what it has', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'badged-test-'));
  const app = anApp();
  const create = (participants: string[]) =>
    ({
      type: 'create_conversation',
      id: randomUUID(),
      participants,
      distinct: false,
      metadata: null,
      at: 1,
    }) as const;
  const roomy = await openEmbeddedStore({ directory, isDurable: false });
  await roomy.apps.create(app);
  const chat = create(['ann', 'bob']);
  await roomy.execute(app.id, chat);
  expect(roomy.figures).toMatchObject({ pressure: 'none', budget: Number.POSITIVE_INFINITY });
  const { bytes } = roomy.figures;
  await roomy.close();

  const warnings: string[] = [];
  const onWarning = (message: string) => warnings.push(message);
  const full = await openEmbeddedStore({
    directory,
    isDurable: false,
    memoryBudget: bytes * 0.95,
    onWarning,
  });
  expect(warnings).toHaveLength(1);
  expect(full.figures.pressure).toBe('growth');
  const refused = await full.execute(app.id, create(['ann', 'bob']));
  expect(refused.refusal).toMatchObject({ code: 'insufficient_storage' });
  expect(refused.refusal?.message).toMatch(/--memory-budget/);
  const sender = { userId: 'ann' };
  const sent = {
    type: 'send_message',
    conversation: chat.id,
    sender,
    mentions: [],
    silent: false,
    at: 2,
  } as const;
  expect((await full.execute(app.id, sent)).refusal).toBeUndefined();
  expect(await full.ask(app.id, { type: 'badge', user: 'bob', now: 3 })).toMatchObject({
    unreadMessageCount: 1,
  });
  const read = { type: 'mark_all_read', user: 'bob', conversations: [{ conversation: chat.id }] } as const;
  expect((await full.execute(app.id, read)).refusal).toBeUndefined();
  await full.close();
  rmSync(directory, { recursive: true });
});
