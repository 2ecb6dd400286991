import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OperationList, operationKinds } from '../src/operations.js';
import { Schedule } from '../src/schedule.js';

function listOf(conversations: readonly number[]): OperationList {
  const operations = new OperationList();
  for (const [index, conversation] of conversations.entries()) {
    operations.push(operationKinds.sendMessage, conversation, index, index);
  }
  return operations;
}

describe('the schedule', () => {
  test('hands out every operation once, one at a time and in order within each conversation', () => {
    const conversations = fc.array(fc.nat({ max: 5 }), { maxLength: 60 });
    const choices = fc.infiniteStream(fc.nat());
    fc.assert(
      fc.property(conversations, choices, (list, choice) => {
        const schedule = new Schedule(listOf(list));
        const inFlight: number[] = [];
        const handedOut: number[] = [];
        for (;;) {
          const finishes = (choice.next().value ?? 0) % 2 === 0;
          const index = finishes && inFlight.length > 0 ? undefined : schedule.next();
          if (index !== undefined) {
            expect(inFlight.map((other) => list[other])).not.toContain(list[index]);
            inFlight.push(index);
            handedOut.push(index);
            continue;
          }
          if (inFlight.length === 0) break;
          const [done] = inFlight.splice((choice.next().value ?? 0) % inFlight.length, 1);
          if (done !== undefined) schedule.finished(done);
        }
        expect([...handedOut].sort((a, b) => a - b)).toEqual(list.map((_, index) => index));
        for (const conversation of new Set(list)) {
          const own = handedOut.filter((index) => list[index] === conversation);
          expect(own).toEqual([...own].sort((a, b) => a - b));
        }
      }),
    );
  });

  test('goes past a busy conversation to the others', () => {
    const schedule = new Schedule(listOf([1, 1, 1, 2]));
    expect([schedule.next(), schedule.next(), schedule.next()]).toEqual([0, 3, undefined]);
    schedule.finished(0);
    expect(schedule.next()).toBe(1);
  });
});

describe('the list of operations', () => {
  test('gives back what was put in, far beyond its initial capacity', () => {
    const operations = new OperationList();
    const kinds = Object.values(operationKinds);
    for (let index = 0; index < 5_000; index += 1) {
      operations.push(
        kinds[index % kinds.length] ?? operationKinds.sendMessage,
        4_294_967_295 - index,
        index,
        index * 2,
      );
    }
    expect([...operations].map((one) => one.position)).toEqual(
      Array.from({ length: 5_000 }, (_, i) => i * 2),
    );
    expect(operations.at(4_999)).toEqual({
      kind: kinds[4_999 % kinds.length],
      conversation: 4_294_962_296,
      user: 4_999,
      position: 9_998,
    });
    expect(() => operations.at(5_000)).toThrow(RangeError);
  });
});
