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
  test('appending a range makes what adding it makes, wherever it says that it could', () => {
    const pair = fc.tuple(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 0, max: 4 }));
    fc.assert(
      fc.property(fc.array(pair), pair, (before, [from, length]) => {
        const list = before.reduce<ranges.Ranges>((sum, [low, more]) => ranges.add(sum, low, low + more), []);
        const added = ranges.add(list, from, from + length);
        const own = [...list];
        const couldAppend = ranges.append(own, from, from + length);
        expect(couldAppend).toBe(list.length === 0 || from > Math.max(...list));
        expect(own).toEqual(couldAppend ? added : list);
      }),
    );
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
