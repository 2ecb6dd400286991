/** The caller: the token, and its user. */

import Type from 'typebox';
import { jabberIdOf } from '../../service/chat_badges.js';
import { findClient } from '../../service/oauth/clients.js';
import { revokeAccess } from '../../service/oauth/grants.js';
import { orNotFound } from '../../service/refused.js';
import { endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { ApiError } from '../foundation/errors.js';
import { bearerOf } from './bearer.js';
import { examples } from './examples.js';

const tag = 'chat badges';
const Organization = Type.Object({ id: Type.String(), name: Type.String() }, { $id: 'Organization' });

const TokenInfo = Type.Object(
  {
    organization: Organization,
    homeOrganization: Organization,
    authorizedScope: Type.Array(Type.String()),
    OAuthClient: Type.Object(
      { id: Type.String(), name: Type.String(), organization: Organization },
      { $id: 'TokenClient' },
    ),
  },
  { $id: 'TokenInfo' },
);

const UserMe = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    chat: Type.Object({ jabberId: Type.String() }, { $id: 'UserChat' }),
  },
  { $id: 'UserMe' },
);

export const meEndpoints = [
  endpoint({
    name: 'get_tokens_me',
    example: examples.get_tokens_me,
    summary: 'Read what the token gives access to, and when it expires.',
    tag,
    method: 'GET',
    url: '/api/v2/tokens/me',
    access: 'oauth',
    params: {},
    responses: { 200: TokenInfo },
    run: async (call) => {
      const { app, client: id } = bearerOf(call);
      const { name } = orNotFound(await call.service.store.apps.get(app), 'The app');
      const client = id === undefined ? undefined : await findClient(call.service, id);
      const organization = { id: app, name };
      const OAuthClient = {
        id: client?.id ?? 'user-token',
        name: client?.name ?? 'user token',
        organization,
      };
      return respond(200, { organization, homeOrganization: organization, authorizedScope: [], OAuthClient });
    },
  }),

  endpoint({
    name: 'delete_tokens_me',
    summary: 'Revoke the token, and all other tokens of the same login.',
    tag,
    method: 'DELETE',
    url: '/api/v2/tokens/me',
    access: 'oauth',
    params: {},
    responses: { 204: NoContent },
    run: async (call) => {
      const bearer = bearerOf(call);
      if (bearer.client === undefined) {
        throw new ApiError('access_denied', 'A user token cannot be revoked: it expires by itself.');
      }
      await revokeAccess(call.service, bearer);
      return noContent;
    },
  }),

  endpoint({
    name: 'get_users_me',
    example: examples.get_users_me,
    summary: 'Read the user of the token.',
    tag,
    method: 'GET',
    url: '/api/v2/users/me',
    access: 'me',
    params: {},
    responses: { 200: UserMe },
    run: async ({ service, app, user }) =>
      respond(200, { id: user, name: user, chat: { jabberId: await jabberIdOf(service, app, user) } }),
  }),
];
