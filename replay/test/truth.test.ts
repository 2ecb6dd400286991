import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generateWorkload } from '../src/generator.js';
import { KIND, type Kind, type Operation } from '../src/operations.js';
import { makePlan } from '../src/plan.js';
import { Truth } from '../src/truth.js';

const CHAT = 9;
const [ann, bob, eve] = [1, 2, 3];

function truthOf(...steps: readonly (readonly [Kind, number, number])[]): Truth {
  const truth = new Truth();
  for (const [kind, user, position] of steps) truth.apply({ kind, conversation: CHAT, user, position });
  return truth;
}

describe('the brute-force count', () => {
  it('promise 1: counts what came after joining, from others, neither deleted nor read', () => {
    const truth = truthOf(
      [KIND.createConversation, ann, 0],
      [KIND.sendMessage, ann, 1],
      [KIND.addParticipant, bob, 0],
      [KIND.sendMessage, bob, 2],
      [KIND.sendMessage, ann, 3],
      [KIND.sendMessage, ann, 4],
      [KIND.addParticipant, eve, 0],
      [KIND.sendMessage, eve, 5],
      [KIND.readMessage, bob, 4],
      [KIND.deleteMessage, 0, 5],
      [KIND.sendMessage, eve, 6],
    );
    expect([ann, bob, eve].map((user) => truth.unread(user, CHAT))).toEqual([2, 2, 0]);
    expect(truth.byUser()).toEqual(
      new Map([
        [ann, [{ conversation: CHAT, unread: 2 }]],
        [bob, [{ conversation: CHAT, unread: 2 }]],
        [eve, [{ conversation: CHAT, unread: 0 }]],
      ]),
    );
  });

  it('sending does not mark what stands above as read, and reading up to a position does', () => {
    const sent = [
      [KIND.createConversation, ann, 0],
      [KIND.addParticipant, bob, 0],
      [KIND.sendMessage, ann, 1],
      [KIND.sendMessage, ann, 2],
      [KIND.sendMessage, bob, 3],
    ] as const;
    expect(truthOf(...sent).unread(bob, CHAT)).toBe(2);
    expect(truthOf(...sent, [KIND.markAllRead, bob, 1]).unread(bob, CHAT)).toBe(1);
    expect(truthOf(...sent, [KIND.markAllRead, bob, 3]).unread(bob, CHAT)).toBe(0);
    expect(truthOf(...sent, [KIND.markAllRead, bob, 3]).unread(ann, CHAT)).toBe(1);
  });

  it('knows the last message that was not deleted', () => {
    const truth = truthOf(
      [KIND.createConversation, ann, 0],
      [KIND.sendMessage, ann, 1],
      [KIND.sendMessage, ann, 2],
      [KIND.deleteMessage, 0, 2],
    );
    expect([truth.head(CHAT), truth.lastMessage(CHAT)]).toEqual([2, 1]);
  });

  it('promise 1: agrees with the sentence of the promise, taken word by word, on any plan', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), async (seed) => {
        const { operations } = await makePlan(generateWorkload(seed, 250), seed);
        const truth = new Truth();
        for (const operation of operations) truth.apply(operation);
        for (const [user, conversations] of truth.byUser()) {
          for (const { conversation, unread } of conversations) {
            expect(unread).toBe(unreadByTheWord([...operations], user, conversation));
          }
        }
      }),
      { numRuns: 10 },
    );
  });

  it('depends on the order within each conversation only', async () => {
    const { operations } = await makePlan(generateWorkload(4, 2_000), 4);
    const inOrder = new Truth();
    for (const operation of operations) inOrder.apply(operation);
    const oneByOne = new Truth();
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
      who === user && (kind === KIND.createConversation || kind === KIND.addParticipant),
  );
  return own.filter((message, index) => {
    if (message.kind !== KIND.sendMessage || index < joined || message.user === user) return false;
    return !own.slice(index).some(({ kind, user: who, position }) => {
      if (kind === KIND.deleteMessage) return position === message.position;
      if (kind === KIND.readMessage) return who === user && position === message.position;
      return kind === KIND.markAllRead && who === user && position >= message.position;
    });
  }).length;
}
