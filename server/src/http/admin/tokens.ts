/** The tokens of an app: added, listed without their secrets, and revoked. */

import Type, { type Static } from 'typebox';
import { issueToken, listTokens, revokeToken } from '../../service/app_tokens.js';
import { existingAppId } from '../../service/apps.js';
import type { AppToken } from '../../store/port.js';
import { endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { isoTime, Time } from '../foundation/ids.js';
import { examples } from './examples/apps.js';

const tag = 'admin';
const url = '/admin/apps/:app_id/tokens';
const params = { app_id: Type.String({ description: 'The UUID of the app.' }) };

const fields = { id: Type.String({ format: 'uuid' }), label: Type.String(), created_at: Time };
const Token = Type.Object(fields, { $id: 'AppToken' });
const NewToken = Type.Object(
  {
    ...fields,
    token: Type.String({ description: 'The token. It is shown only in this response.' }),
  },
  { $id: 'NewAppToken' },
);

export const tokenEndpoints = [
  endpoint({
    name: 'create_token',
    example: examples.create_token,
    summary: 'Add a token to an app.',
    idempotency: 'none',
    tag,
    method: 'POST',
    url,
    access: 'admin',
    params,
    body: { label: Type.Optional(Type.String({ description: 'A display name of the token.' })) },
    responses: { 201: NewToken },
    run: async ({ service }, { app_id, label = 'backend' }) => {
      const { token, text } = await issueToken(service, existingAppId(app_id), label);
      return respond(201, { ...tokenResponse(token), token: text });
    },
  }),

  endpoint({
    name: 'list_tokens',
    example: examples.list_tokens,
    summary: 'List the tokens of an app, without their secrets.',
    tag,
    method: 'GET',
    url,
    access: 'admin',
    params,
    responses: { 200: Type.Array(Token) },
    run: async ({ service }, { app_id }) => {
      const tokens = await listTokens(service, existingAppId(app_id));
      return respond(200, tokens.map(tokenResponse));
    },
  }),

  endpoint({
    name: 'revoke_token',
    summary: 'Revoke a token. Requests with it are refused from then on.',
    tag,
    method: 'DELETE',
    url: `${url}/:token_id`,
    access: 'admin',
    params: { ...params, token_id: Type.String({ description: 'The id of the token.' }) },
    responses: { 204: NoContent },
    run: async ({ service }, { app_id, token_id }) => {
      await revokeToken(service, existingAppId(app_id), token_id);
      return noContent;
    },
  }),
];

function tokenResponse({ id, label, createdAt }: AppToken): Static<typeof Token> {
  return { id, label, created_at: isoTime(createdAt) };
}
