/** Whom a user blocks. */
import type { BlockOperation } from '@badged/core';
import { userId } from './ids.js';
import { checkPatchUsers, oneOrMoreUsers, type PatchOperation, usersOf } from './layer_patch.js';
import { done, type Operation } from './operation.js';
import { orNotFound, refuseInvalid, refuseMissing } from './refused.js';
import type { Service } from './service.js';

type ChangeBlocks = Operation<'change_blocks', void>;

export function block(owner: string, user: string): ChangeBlocks {
  return changeBlocks(owner, [{ operation: 'add', user: userId(user, 'user_id') }]);
}

export function unblock(owner: string, user: string): ChangeBlocks {
  return changeBlocks(owner, [{ operation: 'remove', user: userId(user, 'user_id') }]);
}

export function patchBlocks(owner: string, patch: readonly PatchOperation[]): ChangeBlocks {
  checkPatchUsers(patch);
  return changeBlocks(owner, patch.flatMap(blockOperations));
}

export async function listBlocks(service: Service, app: string, owner: string): Promise<readonly string[]> {
  return orNotFound(
    await service.store.ask(app, { type: 'blocks', user: userId(owner, 'owner_id') }),
    'This user',
  );
}

function changeBlocks(owner: string, operations: readonly BlockOperation[]): ChangeBlocks {
  return {
    command: { type: 'change_blocks', owner: userId(owner, 'owner_id'), operations },
    result: done,
  };
}

function blockOperations({ operation, property, value }: PatchOperation): BlockOperation[] {
  if (property !== 'blocks') refuseInvalid('property', 'property must be "blocks".');
  if (value === undefined)
    refuseMissing('value', 'value is missing. Send a user id or a list of user ids; with set, a list.');
  switch (operation) {
    case 'add':
    case 'remove':
      return oneOrMoreUsers(value).map((user) => ({ operation, user }));
    case 'set':
      return [{ operation, users: usersOf(value) }];
    case 'delete':
      return refuseInvalid('operation', 'Blocks cannot be deleted as a property. Use remove or set.');
  }
}
