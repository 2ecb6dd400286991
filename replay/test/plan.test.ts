import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExpectedCounts } from '../src/expected_counts.js';
import { generateWorkload } from '../src/generator.js';
import { nameBasedUuid } from '../src/identifiers.js';
import { type Operation, operationKinds } from '../src/operations.js';
import { makePlan } from '../src/plan.js';

const seeds = fc.nat({ max: 0xffff_ffff });

async function planOf(seed: number, messages: number): Promise<Operation[]> {
  return [...(await makePlan(generateWorkload(seed, messages), seed)).operations];
}

describe('the plan', () => {
  test('is the same for the same seed, and the beginning of the plan for more messages', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 1, max: 400 }), async (seed, messages) => {
        const short = await planOf(seed, messages);
        const long = await planOf(seed, messages + 200);
        expect(await planOf(seed, messages)).toEqual(short);
        expect(long.slice(0, short.length)).toEqual(short);
      }),
      { numRuns: 20 },
    );
  });

  test('sends only what a server must accept, whatever the order between conversations', async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const byConversation = new Map<number, Operation[]>();
        for (const operation of await planOf(seed, 1_500)) {
          const list = byConversation.get(operation.conversation) ?? [];
          list.push(operation);
          byConversation.set(operation.conversation, list);
        }
        for (const operations of byConversation.values()) expectWellFormed(operations);
      }),
      { numRuns: 20 },
    );
  });

  test('holds every kind of operation, the reads in their different forms among them', async () => {
    const plan = await makePlan(generateWorkload(1, 5_000), 1);
    const operations = [...plan.operations];
    const count = (kind: number) => operations.filter((one) => one.kind === kind).length;
    expect(count(operationKinds.sendMessage)).toBe(5_000);
    for (const kind of Object.values(operationKinds)) expect(count(kind)).toBeGreaterThan(5);
    expect(plan.reads).toBe(count(operationKinds.markAllRead) + count(operationKinds.readMessage));
    expect(plan.deletions).toBe(count(operationKinds.deleteMessage));

    const heads = new Map<number, number>();
    let behindTheHead = 0;
    let receiptsOutOfOrder = 0;
    let previous: Operation | undefined;
    for (const one of operations) {
      if (one.kind === operationKinds.sendMessage) heads.set(one.conversation, one.position);
      const head = heads.get(one.conversation) ?? 0;
      if (one.kind === operationKinds.markAllRead && one.position < head) behindTheHead += 1;
      const follows =
        previous?.kind === operationKinds.readMessage && previous.conversation === one.conversation;
      if (one.kind === operationKinds.readMessage && follows && one.position < (previous?.position ?? 0)) {
        receiptsOutOfOrder += 1;
      }
      previous = one;
    }
    expect(behindTheHead).toBeGreaterThan(5);
    expect(receiptsOutOfOrder).toBeGreaterThan(5);
  });

  test('leaves something unread, in some but not all places', async () => {
    const expected = new ExpectedCounts();
    for (const operation of await planOf(1, 5_000)) expected.apply(operation);
    const counts = [...expected.byUser().values()].flat().map((one) => one.unread);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(counts.length / 10);
    expect(counts.filter((count) => count === 0).length).toBeGreaterThan(counts.length / 10);
  });
});

describe('the ids', () => {
  test('are name-based UUIDs as in RFC 9562, appendix A.4', () => {
    const dns = Buffer.from('6ba7b8109dad11d180b400c04fd430c8', 'hex');
    expect(nameBasedUuid('www.example.com', dns)).toBe('2ed6657d-e927-568b-95e1-2665a8aea6a2');
  });
});

/** Nothing but participants of an existing conversation, existing messages, positions without gaps. */
function expectWellFormed(operations: readonly Operation[]): void {
  const joinedAt = new Map<number, number>();
  const deleted = new Set<number>();
  let head = 0;
  for (const [index, { kind, user, position }] of operations.entries()) {
    expect(kind === operationKinds.createConversation).toBe(index === 0);
    if (kind === operationKinds.createConversation || kind === operationKinds.addParticipant) {
      expect(joinedAt.has(user)).toBe(false);
      joinedAt.set(user, head);
      continue;
    }
    if (kind !== operationKinds.deleteMessage) expect(joinedAt.has(user)).toBe(true);
    if (kind === operationKinds.sendMessage) {
      head += 1;
      expect(position).toBe(head);
      continue;
    }
    expect(position).toBeGreaterThanOrEqual(1);
    expect(position).toBeLessThanOrEqual(head);
    if (kind === operationKinds.markAllRead) continue;
    expect(deleted.has(position)).toBe(false);
    if (kind === operationKinds.readMessage) expect(position).toBeGreaterThan(joinedAt.get(user) ?? 0);
    else deleted.add(position);
  }
}
