/** Tokens with which a user's own client may call the API for that user. */

import { limits } from '@badged/core';
import Type from 'typebox';
import { endpoint, respond } from '../foundation/endpoint.js';
import { UserId } from '../foundation/ids.js';
import { examples } from './examples/users.js';

const UserToken = Type.Object(
  {
    access_token: Type.String({ description: 'A signed JWT.' }),
    token_type: Type.Literal('bearer'),
    expires_in: Type.Integer({ description: 'The lifetime of the token, in seconds.' }),
  },
  { $id: 'UserToken' },
);

export const userTokenEndpoints = [
  endpoint({
    name: 'create_user_token',
    example: examples.create_user_token,
    summary: 'Create a token for a user, for use in a page or a phone.',
    idempotency: 'natural',
    tag: 'tokens',
    method: 'POST',
    url: '/apps/:app_uuid/users/:user_id/tokens',
    access: 'app',
    params: { user_id: UserId },
    body: {
      expires_in: Type.Optional(
        Type.Integer({
          minimum: 1,
          maximum: limits.userTokenMaxSeconds,
          description: `A whole number of seconds, up to ${limits.userTokenMaxSeconds}.`,
        }),
      ),
    },
    responses: { 201: UserToken },
    run: async ({ service, app }, { user_id, expires_in }) => {
      const { text, expiresInSeconds } = await service.userTokens.issue({ app, user: user_id }, expires_in);
      return respond(201, {
        access_token: text,
        token_type: 'bearer' as const,
        expires_in: expiresInSeconds,
      });
    },
  }),
];
