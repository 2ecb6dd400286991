/** Whom a user blocks. */

import Type from 'typebox';
import { block, listBlocks, patchBlocks, unblock } from '../../service/blocks.js';
import { withResult } from '../../service/operation.js';
import { endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { UserId } from '../foundation/ids.js';
import { examples } from './examples/users.js';
import { Patch } from './schemas/patch.js';

const tag = 'blocks';
const url = '/apps/:app_uuid/users/:owner_id';

const BlockedUser = Type.Object({ user_id: Type.String() }, { $id: 'BlockedUser' });

export const blockEndpoints = [
  endpoint({
    name: 'create_block',
    example: examples.create_block,
    summary: 'Block a user.',
    idempotency: 'natural',
    tag,
    method: 'POST',
    url: `${url}/blocks`,
    access: 'app',
    batch: true,
    params: { owner_id: UserId },
    body: { user_id: UserId },
    responses: { 204: NoContent },
    operation: (_call, { owner_id, user_id }) => withResult(block(owner_id, user_id), () => noContent),
  }),

  endpoint({
    name: 'list_blocks',
    example: examples.list_blocks,
    summary: 'List the users that a user blocks.',
    tag,
    method: 'GET',
    url: `${url}/blocks`,
    access: 'app',
    params: { owner_id: UserId },
    responses: { 200: Type.Array(BlockedUser) },
    run: async (call, { owner_id }) => {
      const users = await listBlocks(call.service, call.app, owner_id);
      return respond(
        200,
        users.map((user_id) => ({ user_id })),
      );
    },
  }),

  endpoint({
    name: 'delete_block',
    example: examples.delete_block,
    summary: 'Unblock a user.',
    tag,
    method: 'DELETE',
    url: `${url}/blocks/:user_id`,
    access: 'app',
    batch: true,
    params: { owner_id: UserId, user_id: UserId },
    responses: { 204: NoContent },
    operation: (_call, { owner_id, user_id }) => withResult(unblock(owner_id, user_id), () => noContent),
  }),

  endpoint({
    name: 'change_blocks',
    example: examples.change_blocks,
    summary: 'Change the list of users that a user blocks.',
    idempotency: 'natural',
    tag,
    method: 'PATCH',
    url,
    access: 'app',
    batch: true,
    params: { owner_id: UserId },
    body: { operations: Patch },
    bodyIs: 'operations',
    responses: { 202: NoContent },
    operation: (_call, { owner_id, operations }) =>
      withResult(patchBlocks(owner_id, operations), () => respond(202, null)),
  }),
];
