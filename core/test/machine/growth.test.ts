/** What grows with every message: lists that grow in place, and how far back the log is asked. */
import {
  type Command,
  limits,
  type Query,
  type QueryResult,
  type QueryType,
  snapshot,
  type UserBadge,
} from '@badged/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as ranges from '../../src/ranges.js';
import * as readState from '../../src/read_state.js';
import { ids, MemoryLog, newMachine } from './memory_log.js';

const chat = '00000000-0000-4000-8000-000000000001';

/** A machine with one conversation of two, whose log counts the messages that are read of it. */
class World {
  readonly log = new MemoryLog();
  readonly machine = newMachine();

  constructor() {
    const participants = ['bot', 'ann'];
    const create = { type: 'create_conversation', id: chat, participants, distinct: false } as const;
    this.execute({ ...create, metadata: null, at: 1 });
  }

  execute(command: Command) {
    return this.log.execute(this.machine, command);
  }

  ask<T extends QueryType>(query: Query<T> & { readonly type: T }): QueryResult<T> {
    return this.log.ask(this.machine, query);
  }

  badge(user: string): UserBadge | undefined {
    return this.ask({ type: 'badge', user, now: 2 });
  }

  send(userId: string, more: { mentions?: string[]; silent?: boolean; id?: string } = {}) {
    const { mentions = [], silent = false, id } = more;
    const identity = id === undefined ? {} : { identity: { id } };
    const sender = { userId };
    return this.execute({
      ...{ type: 'send_message', conversation: chat, sender, mentions, silent, at: 1 },
      ...identity,
    });
  }
}

describe('lists that grow in place', () => {
  test('inserting a range in place makes what adding it to a copy makes, and returns how many positions are new', () => {
    const pair = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: -1, max: 6 }));
    fc.assert(
      fc.property(fc.array(pair, { maxLength: 20 }), (pairs) => {
        const own: number[] = [];
        const positions = new Set<number>();
        for (const [from, more] of pairs) {
          const before = positions.size;
          for (let position = from; position <= from + more; position += 1) positions.add(position);
          const copied = ranges.add(own, from, from + more);
          expect(ranges.insert(own, from, from + more)).toBe(positions.size - before);
          expect(own).toEqual(copied);
          expect(own).toEqual(ranges.fromPositions(positions));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('receipts in place make what the read state makes of them, whatever was read or mentioned before', () => {
    const position = fc.integer({ min: 1, max: 24 });
    const step = fc.oneof(
      fc.record({ read: fc.tuple(position, fc.integer({ min: -1, max: 4 })) }),
      fc.record({ mentions: fc.uniqueArray(position, { maxLength: 4 }) }),
    );
    fc.assert(
      fc.property(fc.nat({ max: 6 }), fc.array(step, { maxLength: 30 }), (joined, steps) => {
        const { state } = newMachine();
        const row = state.participations.join(1, 1, joined);
        let expected = readState.startingAt(joined);
        const mentions = new Set<number>();
        for (const one of steps) {
          if ('mentions' in one) {
            state.participations.addMentions(row, one.mentions);
            for (const mention of one.mentions) if (mention > expected.cursor) mentions.add(mention);
          } else {
            const [from, more] = one.read;
            state.participations.acknowledge(row, from, from + more);
            expected = readState.acknowledge(expected, from, from + more);
          }
          for (const mention of mentions) if (mention <= expected.cursor) mentions.delete(mention);
          expect(state.participations.read(row)).toEqual(expected);
          expect(state.participations.acknowledged(row)).toBe(ranges.size(expected.ranges));
          expect(state.participations.mentions(row)).toEqual([...mentions].sort((a, b) => a - b));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('the memory that ranges are said to take grows with each of them, and is free again once they are read or left', () => {
    const { state } = newMachine();
    const { participations } = state;
    const row = participations.join(1, 1, 0);
    participations.acknowledge(row, 2, 2);
    const one = participations.bytes;
    const gaps = 1_000;
    for (let n = 2; n <= gaps; n += 1) participations.acknowledge(row, 2 * n, 2 * n);
    const many = participations.bytes;
    expect(many - one).toBeGreaterThan(16 * gaps);
    participations.acknowledge(row, 3, 2 * gaps);
    expect(participations.read(row)).toEqual({ cursor: 0, ranges: [2, 2 * gaps] });
    expect(participations.bytes).toBe(one);
    participations.acknowledge(row, 2 * gaps + 2, 2 * gaps + 2);
    participations.leave(1, 1);
    participations.acknowledge(participations.join(1, 1, 0), 2, 2);
    expect(participations.bytes).toBe(one);
  });

  test('marking unread puts the mentions in order once, and not once for each', () => {
    const w = new World();
    for (let n = 0; n < 50; n += 1) w.send('ann', { mentions: ['bot'] });
    w.execute({ type: 'mark_all_read', user: 'bot', conversations: [{ conversation: chat }] });
    const { participations } = w.machine.state;
    const set = participations.setMentions.bind(participations);
    let ordered = 0;
    participations.setMentions = (row, positions) => {
      ordered += 1;
      set(row, positions);
    };
    w.execute({ type: 'mark_unread', user: 'bot', conversation: chat, position: 11 });
    expect(snapshot.readParticipation(w.machine.state, 1, 1)?.mentions).toHaveLength(40);
    expect(ordered).toBe(1);
  });

  test('a row that was read for a checkpoint does not change with later receipts', () => {
    const { state } = newMachine();
    const row = state.participations.join(1, 1, 0);
    state.participations.acknowledge(row, 3, 3);
    state.participations.acknowledge(row, 5, 5);
    state.participations.addMentions(row, [2, 6]);
    const read = snapshot.readParticipation(state, 1, 1);
    state.participations.acknowledge(row, 1, 4);
    state.participations.addMentions(row, [7]);
    expect(read).toMatchObject({ cursor: 0, ranges: [3, 3, 5, 5], mentions: [2, 6] });
  });

  test('promise 1: whoever never reads is counted exactly, and what was looked at before does not change', () => {
    const w = new World();
    for (let n = 0; n < 100; n += 1) {
      w.send('ann', { mentions: ['bot'], silent: n % 10 === 9 });
      w.send('bot');
    }
    expect(w.badge('bot')?.unreadMessageCount).toBe(90);
    expect(w.badge('ann')?.unreadMessageCount).toBe(100);
    const [explained] = w.ask({ type: 'explanation', user: 'bot', now: 2 })?.conversations ?? [];
    expect(explained).toMatchObject({ cursor: 0, uncounted: 10, unreadMessageCount: 90 });
    const before = explained?.acknowledged.length;
    w.send('bot');
    w.send('ann');
    w.send('bot');
    expect(explained?.acknowledged.length).toBe(before);
    expect(snapshot.readParticipation(w.machine.state, 1, 1)?.mentions).toHaveLength(100);
    w.execute({
      type: 'mark_all_read',
      user: 'bot',
      conversations: [{ conversation: chat, position: 100 }],
    });
    expect(snapshot.readParticipation(w.machine.state, 1, 1)?.mentions).toHaveLength(50);
  });
});

describe('how far back the log is asked', () => {
  const many = limits.lookBackMessages + 10;

  test('a list of chat badges asks for a bounded number of messages, and counts exactly all the same', () => {
    const w = new World();
    w.send('ann', { mentions: ['bot'] });
    const mute = { level: 'mentions', mutedUntil: null } as const;
    w.execute({ type: 'set_notifications', user: 'bot', conversation: chat, ...mute });
    for (let n = 0; n < many; n += 1) w.send('ann');
    w.log.read = 0;
    expect(w.ask({ type: 'chat_badges', user: 'bot', now: 2 })).toMatchObject([{ unreadCount: 1 }]);
    expect(w.log.read).toBeLessThanOrEqual(limits.chatBadgeMessages);
  });

  test('an id that was made here and is used again asks for a bounded number, and is refused beyond it', () => {
    const w = new World();
    for (let n = 0; n < many; n += 1) w.send('ann');
    w.log.read = 0;
    expect(w.send('ann', { id: ids.make(1, 1) }).refusal).toMatchObject({ code: 'id_in_use' });
    expect(w.log.read).toBeLessThanOrEqual(limits.lookBackMessages);
    expect(w.send('ann', { id: ids.make(1, many - 5) }).refusal).toBeUndefined();
  });
});
