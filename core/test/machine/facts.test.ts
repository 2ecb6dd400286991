/** Deciding is pure and may be done again: with facts fetched one by one it comes to the same as with all at hand. */
import { type Command, limits, noFacts } from '@badged/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryLog, newMachine } from './memory_log.js';
import { command, everyUser } from './random_commands.js';

const now = 1_500;
const chat = '00000000-0000-4000-8000-000000000001';

describe('facts', () => {
  test('a decision comes to the same event or refusal, whether its facts are at hand or fetched one by one', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const log = new MemoryLog(1);
        const machine = newMachine();
        for (const one of commands) {
          // Of what the log does not have, nothing is in the facts: that alone may still be needed.
          const atHand = log.decide(machine, one, log.everything());
          const fetched = log.decide(machine, one);
          expect(JSON.stringify(fetched)).toBe(JSON.stringify(atHand));
          expect(JSON.stringify(log.decide(machine, one))).toBe(JSON.stringify(fetched));
          log.execute(machine, one);
          for (const user of everyUser) {
            const query = { type: 'chat_badges', user, now } as const;
            expect(log.ask(machine, query)).toEqual(log.ask(machine, query, log.everything()));
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  test('lists, and deleting any message but the last, need nothing of the log', () => {
    const log = new MemoryLog();
    const machine = newMachine();
    const messages = sendMany(log, (one) => log.execute(machine, one), 5);
    log.read = 0;
    const list = { type: 'user_conversations', user: 'ann', sortBy: 'last_message', limit: 10 } as const;
    const page = log.ask(machine, { ...list, unreadOnly: false, now });
    expect(page?.conversations[0]?.lastMessage).toMatchObject({ position: 5, sender: { userId: 'bob' } });
    for (const message of messages.slice(0, -1)) {
      const decision = machine.decide({ type: 'delete_message', message }, noFacts);
      expect(decision).toMatchObject({ event: { type: 'message_deleted' } });
    }
    expect(log.read).toBe(0);
  });

  test('deleting the last message walks back past those that were deleted, a bounded number at a time', () => {
    const log = new MemoryLog(10);
    const machine = newMachine();
    const messages = sendMany(log, (one) => log.execute(machine, one), 100);
    const [first, ...others] = messages;
    for (const message of others.slice(0, -1)) log.execute(machine, { type: 'delete_message', message });
    const last = others.at(-1) ?? '';
    expect(log.decide(machine, { type: 'delete_message', message: last })).toMatchObject({
      event: { last: { position: 1 } },
    });
    log.execute(machine, { type: 'delete_message', message: last });
    log.execute(machine, { type: 'delete_message', message: first ?? '' });
    expect(machine.state.conversations.last(1)).toBeNull();
  });

  test('mark unread needs the messages back to its position and none beyond', () => {
    const log = new MemoryLog();
    const machine = newMachine();
    sendMany(log, (one) => log.execute(machine, one), limits.markUnreadMessages + 10);
    const { head } = machine.state.conversations;
    const position = head.get(1) - 99;
    log.read = 0;
    log.execute(machine, { type: 'mark_unread', user: 'ann', conversation: chat, position });
    expect(log.read).toBe(100);
  });
});

/** In a conversation of ann and bob, by bob. Returns the messages' ids. */
function sendMany(log: MemoryLog, execute: (command: Command) => unknown, count: number): string[] {
  const participants = ['ann', 'bob'];
  const create = { type: 'create_conversation', id: chat, participants, distinct: false } as const;
  execute({ ...create, metadata: null, at: 1 });
  const start = log.rows.length;
  const sender = { userId: 'bob' };
  for (let n = 0; n < count; n += 1)
    execute({ type: 'send_message', conversation: chat, sender, mentions: [], silent: false, at: 1 });
  return Array.from({ length: log.rows.length - start }, (_, n) => {
    return `00000001-0000-8000-8000-${String(n + 1).padStart(12, '0')}`;
  });
}
