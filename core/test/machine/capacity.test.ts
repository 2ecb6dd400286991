/** What an app may grow to: beyond it, commands are refused before anything is in the log, and what does not grow goes on. */
import { type Command, limits, Machine, type MemoryPressure } from '@badged/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ids, MemoryLog } from './memory_log.js';
import { command } from './random_commands.js';

const key = [1, 2, 3, 4] as const;
const chat = '00000000-0000-4000-8000-000000000001';
const create = { type: 'create_conversation', distinct: false, metadata: null, at: 1 } as const;

describe('the limits of an app', () => {
  test('no command brings it beyond them, and a refused one is refused for lack of room, and changes nothing', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 60 }), (commands) => {
        const capacity = { users: 3, conversations: 2, participations: 4, announcements: 1 };
        const limited = new Machine(ids, key, { capacity });
        const log = new MemoryLog();
        for (const one of commands) {
          const free = new Machine(ids, key);
          log.applyAfter(0, free);
          const rows = log.rows.length;
          const wouldBe = log.decide(free, one);
          const decision = log.execute(limited, one);
          if (decision.refusal?.code === 'insufficient_storage') {
            expect(wouldBe.refusal).toBeUndefined();
            expect(log.rows.length).toBe(rows);
          } else expect(decision.refusal).toEqual(wouldBe.refusal);
          const { users, conversations, participations, announcements } = limited.state;
          expect(users.count).toBeLessThanOrEqual(capacity.users);
          expect(conversations.count).toBeLessThanOrEqual(capacity.conversations);
          expect(participations.count).toBeLessThanOrEqual(capacity.participations);
          expect(announcements.count).toBeLessThanOrEqual(capacity.announcements);
        }
      }),
      { numRuns: 100 },
    );
  });

  test.each([
    ['users', { users: 2 }],
    ['conversations', { conversations: 1 }],
    ['participants', { participations: 2 }],
  ])('an app with all the %s that it may have takes no more', (_, capacity) => {
    const machine = new Machine(ids, key, { capacity });
    const log = new MemoryLog();
    expect(
      log.execute(machine, { ...create, id: chat, participants: ['ann', 'bob'] }).refusal,
    ).toBeUndefined();
    const more = log.execute(machine, { ...create, id: 'another', participants: ['cid'] });
    expect(more.refusal).toMatchObject({ code: 'insufficient_storage' });
    expect(more.refusal?.message).toMatch(/^An app may have \d .+\. Delete /);
    expect(machine.state.conversations.count).toBe(1);
  });

  test('participants who left make room', () => {
    const machine = new Machine(ids, key, { capacity: { participations: 2 } });
    const log = new MemoryLog();
    log.execute(machine, { ...create, id: chat, participants: ['ann', 'bob'] });
    const change = (operation: 'add' | 'remove', user: string): Command => ({
      type: 'change_conversation',
      conversation: chat,
      operations: [{ property: 'participants', operation, user }],
    });
    expect(log.execute(machine, change('add', 'cid')).refusal).toMatchObject({
      code: 'insufficient_storage',
    });
    expect(log.execute(machine, change('remove', 'ann')).refusal).toBeUndefined();
    expect(log.execute(machine, change('add', 'cid')).refusal).toBeUndefined();
  });

  test('without others, they are what the indexes can hold', () => {
    expect(new Machine(ids, key).state.capacity.users).toBe(limits.rowsPerApp);
  });
});

describe('when memory is short', () => {
  const log = new MemoryLog();
  let pressure: MemoryPressure = 'none';
  const machine = new Machine(ids, key, { capacity: { memoryPressure: () => pressure } });
  const operations = (user: string, operation: 'add' | 'remove') =>
    [{ property: 'participants', operation, user }] as const;
  const send = {
    type: 'send_message',
    conversation: chat,
    sender: { userId: 'ann' },
    mentions: [],
    silent: false,
    at: 2,
  } as const;
  const grows: readonly Command[] = [
    { ...create, id: 'new', participants: ['ann'] },
    { type: 'change_conversation', conversation: chat, operations: operations('ann', 'add') },
    { type: 'announce', id: '00000000-0000-4000-a000-000000000001', recipients: 'everyone', at: 2 },
    { type: 'set_external', counts: [{ user: 'a new user', name: '', count: 1 }] },
  ];
  const goesOn: readonly Command[] = [
    { type: 'mark_all_read', user: 'bob', conversations: [{ conversation: chat }] },
    { type: 'mark_unread', user: 'bob', conversation: chat, position: 1 },
    { type: 'set_external', counts: [{ user: 'bob', name: '', count: 1 }] },
    { type: 'change_conversation', conversation: chat, operations: operations('cid', 'remove') },
  ];
  const codeOf = (one: Command) => log.decide(machine, one).refusal?.code;

  test('promise of the budget: what grows is refused, receipts, counts, leaving and messages go on; then no messages', () => {
    log.execute(machine, { ...create, id: chat, participants: ['bob', 'cid', 'dee'] });
    log.execute(machine, {
      type: 'change_conversation',
      conversation: chat,
      operations: operations('eve', 'add'),
    });
    const fromBob = { ...send, sender: { userId: 'bob' } };
    log.execute(machine, fromBob);
    for (const one of [...grows, ...goesOn, fromBob]) expect(codeOf(one), one.type).toBeUndefined();
    pressure = 'growth';
    for (const one of grows) expect(codeOf(one), one.type).toBe('insufficient_storage');
    for (const one of [...goesOn, fromBob]) expect(codeOf(one), one.type).toBeUndefined();
    pressure = 'messages';
    for (const one of [...grows, fromBob]) expect(codeOf(one), one.type).toBe('insufficient_storage');
    for (const one of goesOn) expect(codeOf(one), one.type).toBeUndefined();
    expect(codeOf({ type: 'delete_conversation', conversation: chat })).toBeUndefined();
  });
});
