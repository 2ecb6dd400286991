/**
 * Random steps for the model-based tests. Few users, conversations and ids, so that steps meet one another:
 * repeats, receipts for what is gone, joins of who is there. Ids of messages that a store makes itself are
 * not known beforehand; `#n` stands for the n-th of those sent so far, and is resolved when the step is taken.
 */

import {
  type BlockOperation,
  badgeModes,
  type Command,
  type ConversationOperation,
  notificationLevels,
} from '@badged/core';
import fc from 'fast-check';
import type { AppChange } from '../../../src/store/port.js';
import { now, uuid } from '../scenario.js';
import { type AppIndex, announcements, conversations, stepMs, users } from './cast.js';
import { type PushCommand, pushCommand } from './push_steps.js';

const chosenMessages = Array.from({ length: 6 }, (_, index) => uuid(0xe0 + index));

export type Step =
  /** Issued without waiting in between, and then awaited together. */
  | {
      readonly type: 'commands';
      readonly app: AppIndex;
      readonly commands: readonly Command[];
      readonly hasAlert: boolean;
    }
  | { readonly type: 'push'; readonly app: AppIndex; readonly command: PushCommand }
  | { readonly type: 'settings'; readonly app: AppIndex; readonly change: AppChange }
  /** Deleted, and created anew under the same id. */
  | { readonly type: 'delete_app'; readonly app: AppIndex }
  | { readonly type: 'reopen' };
const user = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom('ann', 'bob') },
  { weight: 4, arbitrary: fc.constant('cem') },
  { weight: 3, arbitrary: fc.constant(users[3]) },
  { weight: 2, arbitrary: fc.constant(users[4]) },
  { weight: 1, arbitrary: fc.constant(users[5]) },
);
const someUsers = fc.array(user, { maxLength: 4 });
const conversation = fc.oneof(
  { weight: 12, arbitrary: fc.constant(conversations[0]) },
  { weight: 6, arbitrary: fc.constant(conversations[1]) },
  { weight: 5, arbitrary: fc.constantFrom(conversations[2], conversations[3]) },
  { weight: 1, arbitrary: fc.constant(conversations[4]) },
);
const at = fc.nat(20).map((tens) => now + tens * 10);
const fingerprint = fc.option(fc.constantFrom(1, 4_294_967_295), { nil: undefined, freq: 2 });
const sentMessage = fc.nat(30).map((number) => `#${number}`);
const message = fc.oneof(
  { weight: 12, arbitrary: sentMessage },
  { weight: 4, arbitrary: fc.constantFrom(...chosenMessages) },
  { weight: 1, arbitrary: fc.constant(uuid(0xef)) },
);
const announcement = fc.constantFrom(...announcements);

const identity = fc
  .tuple(
    fc.oneof(
      { weight: 8, arbitrary: fc.constantFrom(...chosenMessages) },
      { weight: 1, arbitrary: sentMessage },
    ),
    fingerprint,
  )
  .map(([id, print]) => ({ id, ...(print !== undefined && { fingerprint: print }) }));

const sender = fc.oneof(
  { weight: 6, arbitrary: user.map((userId) => ({ userId })) },
  { weight: 1, arbitrary: fc.constantFrom('ann', 'system').map((name) => ({ name })) },
);

const send: fc.Arbitrary<Command> = fc
  .record({
    conversation,
    identity: fc.option(identity, { nil: undefined, freq: 2 }),
    sender,
    mentions: fc.oneof(
      { weight: 3, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(user, { maxLength: 2 }) },
    ),
    silent: fc.nat(7).map((number) => number === 7),
    at,
  })
  .map(({ identity: chosen, ...rest }) => ({
    type: 'send_message',
    ...rest,
    ...(chosen && { identity: chosen }),
  }));

const metadataKey = fc.constantFrom('a', 'b', '__proto__');
const metadataPath = fc.array(metadataKey, { maxLength: 2 });
const metadata = fc.constantFrom(null, {}, { a: 'x' }, { a: { b: 1 } });
const metadataValue = fc.constantFrom('x', 1, null, {}, { b: true });
const property = 'participants';

const operation: fc.Arbitrary<ConversationOperation> = fc.oneof(
  { weight: 4, arbitrary: user.map((each) => ({ operation: 'add', property, user: each }) as const) },
  { weight: 3, arbitrary: user.map((each) => ({ operation: 'remove', property, user: each }) as const) },
  { weight: 1, arbitrary: someUsers.map((each) => ({ operation: 'set', property, users: each }) as const) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(metadataPath, metadataValue)
      .map(([path, value]) => ({ operation: 'set', property: 'metadata', path, value }) as const),
  },
  {
    weight: 1,
    arbitrary: metadataPath.map((path) => ({ operation: 'delete', property: 'metadata', path }) as const),
  },
);

const createConversation: fc.Arbitrary<Command> = fc
  .record({
    id: fc.constantFrom(...conversations.slice(0, 4)),
    fingerprint,
    participants: fc.oneof(someUsers, fc.tuple(user, user)),
    distinct: fc.boolean(),
    metadata,
    at,
  })
  .map(({ fingerprint: print, ...rest }) => ({
    type: 'create_conversation',
    ...rest,
    ...(print !== undefined && { fingerprint: print }),
  }));

const changeConversation: fc.Arbitrary<Command> = fc
  .record({ conversation, operations: fc.array(operation, { minLength: 1, maxLength: 3 }) })
  .map((rest) => ({ type: 'change_conversation', ...rest }));

const position = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(1, 2, 3) },
  { weight: 1, arbitrary: fc.integer({ min: -1, max: 9 }) },
);
const read = fc
  .record({ conversation, position: fc.option(position, { nil: undefined }) })
  .map(({ position: upTo, ...rest }) => ({ ...rest, ...(upTo !== undefined && { position: upTo }) }));

const markAllRead: fc.Arbitrary<Command> = fc
  .record({
    user,
    conversations: fc.oneof(
      { weight: 4, arbitrary: fc.tuple(read) },
      { weight: 1, arbitrary: fc.array(read, { maxLength: 3 }) },
    ),
  })
  .map((rest) => ({ type: 'mark_all_read', ...rest }));

const setNotifications: fc.Arbitrary<Command> = fc
  .record({
    user,
    conversation,
    level: fc.constantFrom(...notificationLevels),
    mutedUntil: fc.option(
      fc.nat(40).map((steps) => now + steps * stepMs),
      { nil: null, freq: 2 },
    ),
  })
  .map((rest) => ({ type: 'set_notifications', ...rest }));

const announce: fc.Arbitrary<Command> = fc
  .record({
    id: announcement,
    fingerprint,
    recipients: fc.oneof(fc.constant('everyone' as const), someUsers),
    at,
  })
  .map(({ fingerprint: print, ...rest }) => ({
    type: 'announce',
    ...rest,
    ...(print !== undefined && { fingerprint: print }),
  }));

const blockOperation: fc.Arbitrary<BlockOperation> = fc.oneof(
  { weight: 3, arbitrary: user.map((each) => ({ operation: 'add', user: each }) as const) },
  { weight: 2, arbitrary: user.map((each) => ({ operation: 'remove', user: each }) as const) },
  { weight: 1, arbitrary: someUsers.map((each) => ({ operation: 'set', users: each }) as const) },
);

const changeBlocks: fc.Arbitrary<Command> = fc
  .record({ owner: user, operations: fc.array(blockOperation, { minLength: 1, maxLength: 2 }) })
  .map((rest) => ({ type: 'change_blocks', ...rest }));

const externalCount = fc.record({
  user,
  name: fc.constantFrom('', 'tasks', '__proto__'),
  count: fc.constantFrom(null, 0, 1, 5, 2_147_483_647, -1),
});

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 30, arbitrary: send },
  {
    weight: 14,
    arbitrary: fc.record({ user, message }).map((rest) => ({ type: 'read_message', ...rest }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.record({ user, message }).map((rest) => ({ type: 'deliver_message', ...rest }) as const),
  },
  { weight: 6, arbitrary: markAllRead },
  {
    weight: 5,
    arbitrary: fc
      .record({ user, conversation, position })
      .map((rest) => ({ type: 'mark_unread', ...rest }) as const),
  },
  { weight: 4, arbitrary: message.map((each) => ({ type: 'delete_message', message: each }) as const) },
  {
    weight: 1,
    arbitrary: fc
      .record({ message, conversation })
      .map((rest) => ({ type: 'delete_message', ...rest }) as const),
  },
  { weight: 6, arbitrary: createConversation },
  { weight: 8, arbitrary: changeConversation },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...conversations)
      .map((each) => ({ type: 'delete_conversation', conversation: each }) as const),
  },
  { weight: 6, arbitrary: setNotifications },
  { weight: 5, arbitrary: changeBlocks },
  { weight: 4, arbitrary: announce },
  {
    weight: 4,
    arbitrary: fc
      .record({ user, announcement })
      .map((rest) => ({ type: 'read_announcement', ...rest }) as const),
  },
  {
    weight: 1,
    arbitrary: fc
      .record({ user, announcement })
      .map((rest) => ({ type: 'deliver_announcement', ...rest }) as const),
  },
  {
    weight: 4,
    arbitrary: fc
      .array(externalCount, { minLength: 1, maxLength: 3 })
      .map((counts) => ({ type: 'set_external', counts }) as const),
  },
);

const appIndex = fc.nat(9).map((number): AppIndex => (number === 9 ? 1 : 0));
const change: fc.Arbitrary<AppChange> = fc.record(
  {
    name: fc.constantFrom('one', 'two'),
    settings: fc.record(
      { mode: fc.constantFrom(...badgeModes), includeAnnouncements: fc.boolean() },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

/** A step of a store that can be opened again, or of one that cannot. */
export function stepOf(canReopen: boolean): fc.Arbitrary<Step> {
  const one = fc.tuple(command);
  const several = fc.array(command, { minLength: 2, maxLength: 4 });
  const hasAlert = fc.nat(4).map((number) => number === 4);
  const commands = { type: fc.constant('commands' as const), app: appIndex, hasAlert };
  return fc.oneof(
    {
      weight: 160,
      arbitrary: fc.record({ ...commands, commands: one }),
    },
    {
      weight: 30,
      arbitrary: fc.record({ ...commands, commands: several }),
    },
    {
      weight: 80,
      arbitrary: fc.record({ type: fc.constant('push' as const), app: appIndex, command: pushCommand }),
    },
    { weight: 8, arbitrary: fc.record({ type: fc.constant('settings' as const), app: appIndex, change }) },
    { weight: 1, arbitrary: fc.record({ type: fc.constant('delete_app' as const), app: appIndex }) },
    { weight: canReopen ? 2 : 0, arbitrary: fc.constant({ type: 'reopen' } as const) },
  );
}
