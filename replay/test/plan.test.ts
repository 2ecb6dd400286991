import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateWorkload } from '../src/generator.js';
import { nameBasedUuid } from '../src/identifiers.js';
import { KIND, type Operation } from '../src/operations.js';
import { makePlan } from '../src/plan.js';
import { Truth } from '../src/truth.js';

const seeds = fc.nat({ max: 0xffff_ffff });

async function planOf(seed: number, messages: number): Promise<Operation[]> {
  return [...(await makePlan(generateWorkload(seed, messages), seed)).operations];
}

describe('the plan', () => {
  it('is the same for the same seed, and the beginning of the plan for more messages', async () => {
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

  it('sends only what a server must accept, whatever the order between conversations', async () => {
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

  it('holds every kind of operation, the reads in their different forms among them', async () => {
    const plan = await makePlan(generateWorkload(1, 5_000), 1);
    const operations = [...plan.operations];
    const count = (kind: number) => operations.filter((one) => one.kind === kind).length;
    expect(count(KIND.sendMessage)).toBe(5_000);
    for (const kind of Object.values(KIND)) expect(count(kind)).toBeGreaterThan(5);
    expect(plan.reads).toBe(count(KIND.markAllRead) + count(KIND.readMessage));
    expect(plan.deletions).toBe(count(KIND.deleteMessage));

    const heads = new Map<number, number>();
    let behindTheHead = 0;
    let receiptsOutOfOrder = 0;
    let previous: Operation | undefined;
    for (const one of operations) {
      if (one.kind === KIND.sendMessage) heads.set(one.conversation, one.position);
      const head = heads.get(one.conversation) ?? 0;
      if (one.kind === KIND.markAllRead && one.position < head) behindTheHead += 1;
      const follows = previous?.kind === KIND.readMessage && previous.conversation === one.conversation;
      if (one.kind === KIND.readMessage && follows && one.position < (previous?.position ?? 0)) {
        receiptsOutOfOrder += 1;
      }
      previous = one;
    }
    expect(behindTheHead).toBeGreaterThan(5);
    expect(receiptsOutOfOrder).toBeGreaterThan(5);
  });

  it('leaves something unread, in some but not all places', async () => {
    const truth = new Truth();
    for (const operation of await planOf(1, 5_000)) truth.apply(operation);
    const counts = [...truth.byUser().values()].flat().map((one) => one.unread);
    expect(counts.filter((count) => count > 0).length).toBeGreaterThan(counts.length / 10);
    expect(counts.filter((count) => count === 0).length).toBeGreaterThan(counts.length / 10);
  });
});

describe('the ids', () => {
  it('are name-based UUIDs as in RFC 9562, appendix A.4', () => {
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
    expect(kind === KIND.createConversation).toBe(index === 0);
    if (kind === KIND.createConversation || kind === KIND.addParticipant) {
      expect(joinedAt.has(user)).toBe(false);
      joinedAt.set(user, head);
      continue;
    }
    if (kind !== KIND.deleteMessage) expect(joinedAt.has(user)).toBe(true);
    if (kind === KIND.sendMessage) {
      head += 1;
      expect(position).toBe(head);
      continue;
    }
    expect(position).toBeGreaterThanOrEqual(1);
    expect(position).toBeLessThanOrEqual(head);
    if (kind === KIND.markAllRead) continue;
    expect(deleted.has(position)).toBe(false);
    if (kind === KIND.readMessage) expect(position).toBeGreaterThan(joinedAt.get(user) ?? 0);
    else deleted.add(position);
  }
}
