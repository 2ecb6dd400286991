/** The badges of many users: external counts set at once, and badges read in slices, each at one moment. */

import { limits } from '@badged/core';
import Type, { type Static } from 'typebox';
import { readBadges, setExternals } from '../../service/badges.js';
import { execute } from '../../service/operation.js';
import { refuseInvalid, refuseMissing } from '../../service/refused.js';
import { type Call, endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { UserId } from '../foundation/ids.js';
import { examples } from './examples/badges.js';
import { Badges, badgeResponse, Count } from './schemas/badge.js';

const Users = Type.Unsafe<Record<string, number>>({
  type: 'object',
  additionalProperties: Count,
  maxProperties: limits.batchOperations,
  description: 'An object of external counts by user id, such as {"a": 12, "b": 0}.',
});

export const bulkBadgeEndpoints = [
  endpoint({
    name: 'set_badges',
    example: examples.set_badges,
    summary: `Set the external counts of up to ${limits.batchOperations} users.`,
    idempotency: 'natural',
    tag: 'badges',
    method: 'POST',
    url: '/apps/:app_uuid/users/badge',
    access: 'app',
    batch: true,
    params: {},
    body: {
      users: Type.Optional(Users),
      user_ids: Type.Optional(
        Type.Array(UserId, {
          maxItems: limits.batchOperations,
          description: 'Reads the badges of these users. For older clients: use read_badges instead.',
        }),
      ),
    },
    responses: { 200: Badges, 204: NoContent },
    run: async (call, { users, user_ids }) => {
      if (users !== undefined && user_ids !== undefined) {
        refuseInvalid('user_ids', 'users sets counts and user_ids reads them. Send one of the two.');
      }
      if (user_ids !== undefined) return respond(200, await read(call, user_ids));
      if (users === undefined) {
        refuseMissing(
          'users',
          'users is missing. Send {"users": {"USER": 12}}, or name one user in the URL.',
        );
      }
      await execute(call.service, call.app, setExternals(Object.entries(users)));
      return noContent;
    },
  }),

  endpoint({
    name: 'read_badges',
    example: examples.read_badges,
    summary: `Read the badges of up to ${limits.batchOperations} users.`,
    idempotency: 'natural',
    tag: 'badges',
    method: 'POST',
    url: '/apps/:app_uuid/badges/read',
    access: 'app',
    batch: true,
    params: {},
    body: {
      user_ids: Type.Array(UserId, { maxItems: limits.batchOperations, description: 'A list of user ids.' }),
    },
    responses: { 200: Badges },
    run: async (call, { user_ids }) => respond(200, await read(call, user_ids)),
  }),
];

async function read(call: Call, ids: readonly string[]): Promise<Static<typeof Badges>> {
  const badges = await readBadges(call.service, call.app, ids);
  return {
    users: Object.fromEntries(
      badges.map(([user, badge]) => [user, badge === undefined ? null : badgeResponse(badge)]),
    ),
  };
}
