/** Whom a user blocks. */
import type { BlockOperation } from '@badged/core';
import { userId } from './ids.js';
import { type PatchOperation, userOf, usersOf } from './layer_patch.js';
import { orNotFound, refuseInvalid, refuseMissing } from './refused.js';
import { execute, type Service } from './service.js';

export async function block(service: Service, app: string, owner: string, user: string): Promise<void> {
  await change(service, app, owner, [{ operation: 'add', user: userId(user, 'user_id') }]);
}

export async function unblock(service: Service, app: string, owner: string, user: string): Promise<void> {
  await change(service, app, owner, [{ operation: 'remove', user: userId(user, 'user_id') }]);
}

export async function patchBlocks(
  service: Service,
  app: string,
  owner: string,
  patch: readonly PatchOperation[],
): Promise<void> {
  await change(service, app, owner, patch.map(blockOperation));
}

export async function listBlocks(service: Service, app: string, owner: string): Promise<readonly string[]> {
  return orNotFound(
    await service.store.ask(app, { type: 'blocks', user: userId(owner, 'owner_id') }),
    'This user',
  );
}

async function change(
  service: Service,
  app: string,
  owner: string,
  operations: readonly BlockOperation[],
): Promise<void> {
  const by = userId(owner, 'owner_id');
  await execute<'change_blocks'>(service, app, { type: 'change_blocks', owner: by, operations });
}

function blockOperation({ operation, property, value }: PatchOperation): BlockOperation {
  if (property !== 'blocks') refuseInvalid('property', 'property must be "blocks".');
  if (value === undefined) refuseMissing('value', `value is missing. Say whom to ${operation}.`);
  switch (operation) {
    case 'add':
    case 'remove':
      return { operation, user: userOf(value) };
    case 'set':
      return { operation, users: usersOf(value) };
    case 'delete':
      return refuseInvalid('operation', 'Blocks cannot be deleted as a property. Use remove or set.');
  }
}
