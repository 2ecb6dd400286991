/** Who blocks whom. A block affects the messages that are sent while it exists. */
import { type BlockOperation, type Command, checkUserId, invalid, limits, type Outcome } from '@badged/core';
import type { AppState } from './state.js';

export function changeBlocks(state: AppState, command: Command<'change_blocks'>): Outcome<'change_blocks'> {
  const { owner, operations } = command;
  let blocked = state.blocks.get(owner) ?? [];
  for (const operation of operations) {
    const added = addedBy(operation);
    const wrong = [owner, ...added].map((user) => checkUserId('user_id', user)).find((refusal) => refusal);
    if (wrong) return { refusal: wrong };
    if (operation.operation === 'remove') blocked = blocked.filter((user) => user !== operation.user);
    if (operation.operation === 'set') blocked = blocked.filter((user) => operation.users.includes(user));
    blocked = [...new Set([...blocked, ...added])];
    if (blocked.length > limits.blocksPerUser) {
      return { refusal: invalid('blocks', `A user blocks up to ${limits.blocksPerUser} others.`) };
    }
  }
  state.blocks.set(owner, blocked);
  if (blocked.length > 0) for (const user of [owner, ...blocked]) state.known.add(user);
  return { value: null };
}

function addedBy(operation: BlockOperation): readonly string[] {
  switch (operation.operation) {
    case 'add':
      return [operation.user];
    case 'set':
      return operation.users;
    case 'remove':
      return [];
  }
}
