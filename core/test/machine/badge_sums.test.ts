/** Counts that are remembered and corrected, compared with those that are made anew. */
import { BadgeSums, type Command, Machine } from '@badged/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ids, MemoryLog } from './memory_log.js';
import { command, everyUser } from './random_commands.js';

/** Remembers every user who reads twice, and corrects whatever changes. */
function remembering(maxRemembered = 1_000): { machine: Machine; log: MemoryLog } {
  const sums = new BadgeSums({ minConversations: 1, maxRemembered, maxChanged: Number.POSITIVE_INFINITY });
  return { machine: new Machine(ids, [1, 2, 3, 4], { sums }), log: new MemoryLog() };
}

function apply(machine: Machine, log: MemoryLog, command: Command): void {
  const decision = log.decide(machine, command);
  if (decision.refusal === undefined && decision.event !== null)
    machine.apply(decision.event, log.append(decision.event));
}

/** The explanation counts every conversation each time. */
function compare(machine: Machine, log: MemoryLog, user: string, now: number): void {
  const badge = log.ask(machine, { type: 'badge', user, now });
  expect(badge).toEqual(log.ask(machine, { type: 'explanation', user, now })?.badge);
}

describe('remembered counts', () => {
  test('equal those made anew after any commands, whichever user reads in between, and at any time', () => {
    const reader = fc.record({
      user: fc.constantFrom(...everyUser),
      later: fc.constantFrom(0, 0, 1, 100, 400, -150),
    });
    const step = fc.oneof(
      { weight: 2, arbitrary: command.map((command) => ({ command })) },
      { weight: 1, arbitrary: reader },
    );
    const scenario = fc.tuple(fc.array(step, { maxLength: 80, size: 'max' }), fc.constantFrom(0, 2, 1_000));
    fc.assert(
      fc.property(scenario, ([steps, most]) => {
        const { machine, log } = remembering(most);
        let now = 950;
        for (const step of steps) {
          if ('command' in step) apply(machine, log, step.command);
          else {
            now += step.later;
            // Twice, so that the counts are remembered by then.
            compare(machine, log, step.user, now);
            compare(machine, log, step.user, now);
          }
        }
        for (const user of everyUser) compare(machine, log, user, now);
      }),
      { numRuns: 300 },
    );
  });

  test('follow a user in thousands of conversations, whatever moves between two reads', () => {
    const { machine, log } = { machine: new Machine(ids, [1, 2, 3, 4]), log: new MemoryLog() };
    const count = 400;
    for (let index = 0; index < count; index += 1) {
      const participants = index % 10 === 9 ? ['ann'] : ['ann', 'bob'];
      apply(machine, log, {
        ...{ type: 'create_conversation', id: `room-${index}`, participants },
        ...{ distinct: false, metadata: null, at: 1 },
      });
    }
    const send = (index: number, userId: string) =>
      apply(machine, log, {
        ...{ type: 'send_message', conversation: `room-${index}`, sender: { userId } },
        ...{ mentions: [], silent: false, at: 1 },
      });
    for (let round = 0; round < 8; round += 1) {
      // Rounds with few messages, which are corrected, and with many, after which all is counted anew.
      const moved = round % 4 === 3 ? count : 3 * (round + 1);
      for (let index = 0; index < moved; index += 1)
        send((index * 37) % count, round % 2 === 0 ? 'bob' : 'ann');
      apply(machine, log, {
        type: 'mark_all_read',
        user: 'ann',
        conversations: [{ conversation: `room-${round}` }],
      });
      apply(machine, log, { type: 'delete_conversation', conversation: `room-${count - round}` });
      compare(machine, log, 'ann', 2_000);
      compare(machine, log, 'bob', 2_000);
    }
    expect(log.ask(machine, { type: 'badge', user: 'ann', now: 2_000 })?.unreadMessageCount).toBeGreaterThan(
      0,
    );
  });
});
