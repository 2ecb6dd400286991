import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExpectedCounts } from '../src/expected_counts.js';
import { generateWorkload } from '../src/generator.js';
import { type Kind, type Operation, operationKinds } from '../src/operations.js';
import { makePlan } from '../src/plan.js';

const CHAT = 9;
const [ann, bob, eve] = [1, 2, 3];

function countsAfter(...steps: readonly (readonly [Kind, number, number])[]): ExpectedCounts {
  const counts = new ExpectedCounts();
  for (const [kind, user, position] of steps) counts.apply({ kind, conversation: CHAT, user, position });
  return counts;
}

describe('the brute-force count', () => {
  test('promise 1: counts what came after joining, from others, neither deleted nor read', () => {
    const counts = countsAfter(
      [operationKinds.createConversation, ann, 0],
      [operationKinds.sendMessage, ann, 1],
      [operationKinds.addParticipant, bob, 0],
      [operationKinds.sendMessage, bob, 2],
      [operationKinds.sendMessage, ann, 3],
      [operationKinds.sendMessage, ann, 4],
      [operationKinds.addParticipant, eve, 0],
      [operationKinds.sendMessage, eve, 5],
      [operationKinds.readMessage, bob, 4],
      [operationKinds.deleteMessage, 0, 5],
      [operationKinds.sendMessage, eve, 6],
    );
    expect([ann, bob, eve].map((user) => counts.unread(user, CHAT))).toEqual([2, 2, 0]);
    expect(counts.byUser()).toEqual(
      new Map([
        [ann, [{ conversation: CHAT, unread: 2 }]],
        [bob, [{ conversation: CHAT, unread: 2 }]],
        [eve, [{ conversation: CHAT, unread: 0 }]],
      ]),
    );
  });

  test('sending does not mark what stands above as read, and reading up to a position does', () => {
    const sent = [
      [operationKinds.createConversation, ann, 0],
      [operationKinds.addParticipant, bob, 0],
      [operationKinds.sendMessage, ann, 1],
      [operationKinds.sendMessage, ann, 2],
      [operationKinds.sendMessage, bob, 3],
    ] as const;
    expect(countsAfter(...sent).unread(bob, CHAT)).toBe(2);
    expect(countsAfter(...sent, [operationKinds.markAllRead, bob, 1]).unread(bob, CHAT)).toBe(1);
    expect(countsAfter(...sent, [operationKinds.markAllRead, bob, 3]).unread(bob, CHAT)).toBe(0);
    expect(countsAfter(...sent, [operationKinds.markAllRead, bob, 3]).unread(ann, CHAT)).toBe(1);
  });

  test('knows the last message that was not deleted', () => {
    const counts = countsAfter(
      [operationKinds.createConversation, ann, 0],
      [operationKinds.sendMessage, ann, 1],
      [operationKinds.sendMessage, ann, 2],
      [operationKinds.deleteMessage, 0, 2],
    );
    expect([counts.head(CHAT), counts.lastMessage(CHAT)]).toEqual([2, 1]);
  });

  test('promise 1: agrees with the sentence of the promise, taken word by word, on any plan', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const { operations } = await makePlan(generateWorkload(seed, 250), seed);
        const counts = new ExpectedCounts();
        for (const operation of operations) counts.apply(operation);
        for (const [user, conversations] of counts.byUser()) {
          for (const { conversation, unread } of conversations) {
            expect(unread).toBe(unreadByTheWord([...operations], user, conversation));
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  test('depends on the order within each conversation only', async () => {
    const { operations } = await makePlan(generateWorkload(4, 2_000), 4);
    const inOrder = new ExpectedCounts();
    for (const operation of operations) inOrder.apply(operation);
    const oneByOne = new ExpectedCounts();
    const sorted = [...operations].sort((a, b) => b.conversation - a.conversation);
    for (const operation of sorted) oneByOne.apply(operation);
    for (const [user, conversations] of inOrder.byUser()) {
      for (const { conversation, unread } of conversations) {
        expect(oneByOne.unread(user, conversation)).toBe(unread);
      }
    }
  });
});

/** Looks at every message of the conversation and asks each part of the promise of the whole history. */
function unreadByTheWord(history: readonly Operation[], user: number, conversation: number): number {
  const own = history.filter((one) => one.conversation === conversation);
  const joined = own.findIndex(
    ({ kind, user: who }) =>
      who === user && (kind === operationKinds.createConversation || kind === operationKinds.addParticipant),
  );
  return own.filter((message, index) => {
    if (message.kind !== operationKinds.sendMessage || index < joined || message.user === user) return false;
    return !own.slice(index).some(({ kind, user: who, position }) => {
      if (kind === operationKinds.deleteMessage) return position === message.position;
      if (kind === operationKinds.readMessage) return who === user && position === message.position;
      return kind === operationKinds.markAllRead && who === user && position >= message.position;
    });
  }).length;
}
