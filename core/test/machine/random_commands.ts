/** Random commands over small pools, so that they meet: for tests of the machine itself. */
import type { Command } from '@badged/core';
import fc from 'fast-check';

const users = ['ann', 'bob', 'cid', 'dee'];
export const everyUser = [...users, 'eve'];
const conversations = ['00000000-0000-4000-8000-000000000001', 'room-42', '42'];
const messages = Array.from(
  { length: 12 },
  (_, n) => `00000000-0000-4000-9000-${String(n).padStart(12, '0')}`,
);
const announcements = [1, 2, 3].map((n) => `00000000-0000-4000-a000-00000000000${n}`);

const user = fc.constantFrom(...users);
const conversation = fc.constantFrom(...conversations);
const someone = fc.uniqueArray(user, { minLength: 1, maxLength: 4 });
const at = fc.integer({ min: 1_000, max: 2_000 });

export const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 2, arbitrary: created() },
  { weight: 2, arbitrary: changed() },
  { weight: 8, arbitrary: sent() },
  fc.record({ type: fc.constant('delete_message' as const), message: fc.constantFrom(...messages) }),
  {
    weight: 4,
    arbitrary: fc.record({
      type: fc.constant('read_message' as const),
      user,
      message: fc.constantFrom(...messages),
    }),
  },
  fc.record({
    type: fc.constant('mark_all_read' as const),
    user,
    conversations: conversation.map((id) => [{ conversation: id }]),
  }),
  fc.record({
    type: fc.constant('mark_unread' as const),
    user,
    conversation,
    position: fc.integer({ min: 1, max: 8 }),
  }),
  fc.record({
    type: fc.constant('set_notifications' as const),
    user,
    conversation,
    level: fc.constantFrom('all' as const, 'mentions' as const, 'none' as const),
    mutedUntil: fc.option(at),
  }),
  fc.record({ type: fc.constant('delete_conversation' as const), conversation }),
  announced(),
  fc.record({
    type: fc.constant('read_announcement' as const),
    user,
    announcement: fc.constantFrom(...announcements),
  }),
  blocked(),
  external(),
);

function created(): fc.Arbitrary<Command<'create_conversation'>> {
  return fc.record({
    type: fc.constant('create_conversation' as const),
    id: conversation,
    participants: someone,
    distinct: fc.boolean(),
    metadata: fc.option(fc.constantFrom({ title: 'a' }, { title: 'b' })),
    at,
  });
}

function changed(): fc.Arbitrary<Command<'change_conversation'>> {
  const operation = fc.oneof(
    fc.record({
      operation: fc.constantFrom('add' as const, 'remove' as const),
      property: fc.constant('participants' as const),
      user: fc.constantFrom(...everyUser),
    }),
    fc.record({
      operation: fc.constant('set' as const),
      property: fc.constant('metadata' as const),
      path: fc.constant(['a', 'b']),
      value: fc.constantFrom('x', 'y'),
    }),
  );
  return fc.record({
    type: fc.constant('change_conversation' as const),
    conversation,
    operations: fc.array(operation, { minLength: 1, maxLength: 3 }),
  });
}

function sent(): fc.Arbitrary<Command<'send_message'>> {
  return fc.record(
    {
      type: fc.constant('send_message' as const),
      conversation,
      identity: fc.constantFrom(...messages).map((id) => ({ id })),
      sender: fc.oneof(
        user.map((userId) => ({ userId })),
        fc.constant({ name: 'system' }),
      ),
      mentions: fc.uniqueArray(user, { maxLength: 2 }),
      silent: fc.boolean(),
      at,
    },
    { requiredKeys: ['type', 'conversation', 'sender', 'mentions', 'silent', 'at'] },
  );
}

function announced(): fc.Arbitrary<Command<'announce'>> {
  return fc.record({
    type: fc.constant('announce' as const),
    id: fc.constantFrom(...announcements),
    recipients: fc.oneof(someone, fc.constant('everyone' as const)),
    at,
  });
}

function blocked(): fc.Arbitrary<Command<'change_blocks'>> {
  return fc.record({
    type: fc.constant('change_blocks' as const),
    owner: user,
    operations: fc
      .record({ operation: fc.constantFrom('add' as const, 'remove' as const), user })
      .map((one) => [one]),
  });
}

function external(): fc.Arbitrary<Command<'set_external'>> {
  const count = fc.record({
    user: fc.constantFrom(...everyUser),
    name: fc.constantFrom('', 'tasks'),
    count: fc.option(fc.nat({ max: 3 })),
  });
  return fc.record({
    type: fc.constant('set_external' as const),
    counts: fc.array(count, { minLength: 1, maxLength: 2 }),
  });
}
