/** Finding a distinct conversation by its participants: the right one, and without comparing other sets. */
import { type Command, type HashKey, Machine } from '@badged/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ids, MemoryLog } from './memory_log.js';
import { command, everyUser } from './random_commands.js';

const number = fc.integer({ min: 0, max: 0xffff_ffff });
const key: fc.Arbitrary<HashKey> = fc.tuple(number, number, number, number);

function create(participants: readonly string[], id = 'new'): Command<'create_conversation'> {
  return { type: 'create_conversation', id, participants, distinct: true, metadata: null, at: 1 };
}

/** The id of the existing conversation that creating one of these participants returns; undefined if there is none. */
function found(machine: Machine, participants: readonly string[]): string | undefined {
  const decision = machine.decide(create(participants));
  if (decision.needs !== undefined || decision.refusal !== undefined || decision.event !== null)
    return undefined;
  return decision.result().conversation.id;
}

/** The same by comparing each conversation's participants. */
function searched({ state }: Machine, participants: readonly string[]): string | undefined {
  const { conversations, participations, users } = state;
  for (let one = 1; one <= conversations.count; one += 1) {
    const present = [...participations.ofConversation(one)].map((row) =>
      users.id(participations.user.get(row)),
    );
    const isSame = present.length === participants.length && present.every((id) => participants.includes(id));
    if (conversations.exists(one) && conversations.isDistinct(one) && isSame) return conversations.id(one);
  }
  return undefined;
}

describe('distinct conversations', () => {
  test('are found by exactly their participants, after any commands and with any key', () => {
    const sets = fc.subarray(everyUser, { minLength: 1 });
    fc.assert(
      fc.property(key, fc.array(command, { maxLength: 40 }), fc.array(sets), (hashKey, commands, wanted) => {
        const log = new MemoryLog();
        const machine = new Machine(ids, hashKey);
        for (const one of commands) {
          log.execute(machine, one);
          for (const set of wanted) expect(found(machine, set)).toBe(searched(machine, set));
        }
      }),
      { numRuns: 300 },
    );
  });

  test('that share all but one of many participants are not compared', () => {
    const log = new MemoryLog();
    const machine = new Machine(ids, [11, 12, 13, 14]);
    const users = Array.from({ length: 2_000 }, (_, n) => `user${n}`);
    log.execute(machine, create(users, 'all'));
    log.execute(machine, { ...create([...users, 'other'], 'and other'), distinct: false });
    const { participations } = machine.state;
    const find = participations.find.bind(participations);
    let compared = 0;
    participations.find = (conversation, user) => {
      compared += 1;
      return find(conversation, user);
    };
    expect(found(machine, ['other', ...users.slice(1)])).toBeUndefined();
    expect(compared).toBe(0);
    expect(found(machine, [...users].reverse())).toBe('all');
    expect(compared).toBe(users.length);
  });
});
