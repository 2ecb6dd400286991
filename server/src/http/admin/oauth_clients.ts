/** The OAuth clients of an app: created with their secret shown once, listed, changed and deleted. */

import { limits } from '@badged/core';
import Type, { type Static } from 'typebox';
import { existingAppId } from '../../service/apps.js';
import {
  createClient,
  deleteClient,
  GrantType,
  getClient,
  listClients,
  type OAuthClient,
  updateClient,
} from '../../service/oauth/clients.js';
import { endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { isoTime, nullableText, Time } from '../foundation/ids.js';
import { examples } from './examples/oauth.js';

const tag = 'admin';
const url = '/admin/apps/:app_id/oauth_clients';
const params = { app_id: Type.String({ description: 'The UUID of the app.' }) };
const one = { ...params, client_id: Type.String({ description: 'The id of the client.' }) };

const user_id = nullableText({
  description: 'The user that its client credentials act for; null if they act for no user.',
});
const name = Type.String({ description: 'A display name of the client.' });
const settings = {
  grant_types: Type.Optional(
    Type.Array(GrantType, {
      maxItems: limits.grantTypes,
      description:
        'A list of authorization_code, refresh_token, client_credentials and, for old programs only, implicit.',
    }),
  ),
  redirect_uris: Type.Optional(
    Type.Array(Type.String(), {
      maxItems: limits.redirectUris,
      description: 'A list of URLs, each compared character for character.',
    }),
  ),
  user_id: Type.Optional(user_id),
};

const fields = {
  id: Type.String(),
  name: Type.String(),
  grant_types: Type.Array(Type.String()),
  redirect_uris: Type.Array(Type.String()),
  user_id,
  confidential: Type.Boolean(),
  created_at: Time,
};
const Client = Type.Object(fields, { $id: 'OAuthClient' });
const NewClient = Type.Object(
  {
    ...fields,
    secret: nullableText({
      description: 'The secret, shown only in this response; null for a client that cannot store one.',
    }),
  },
  { $id: 'NewOAuthClient' },
);

export const oauthClientEndpoints = [
  endpoint({
    name: 'create_oauth_client',
    example: examples.create_oauth_client,
    summary: 'Add an OAuth client to an app.',
    idempotency: 'none',
    tag,
    method: 'POST',
    url,
    access: 'admin',
    params,
    body: {
      name,
      ...settings,
      confidential: Type.Optional(
        Type.Boolean({ description: 'true or false: whether it can store a secret, as a web server can.' }),
      ),
    },
    responses: { 201: NewClient },
    run: async ({ service }, { app_id, name, confidential, ...rest }) => {
      const created = await createClient(service, existingAppId(app_id), {
        name,
        confidential,
        ...fieldsOf(rest),
      });
      return respond(201, { ...clientResponse(created.client), secret: created.secret ?? null });
    },
  }),

  endpoint({
    name: 'list_oauth_clients',
    example: examples.list_oauth_clients,
    summary: 'List the OAuth clients of an app, oldest first.',
    tag,
    method: 'GET',
    url,
    access: 'admin',
    params,
    responses: { 200: Type.Array(Client) },
    run: async ({ service }, { app_id }) =>
      respond(200, (await listClients(service, existingAppId(app_id))).map(clientResponse)),
  }),

  endpoint({
    name: 'get_oauth_client',
    example: examples.get_oauth_client,
    summary: 'Read an OAuth client.',
    tag,
    method: 'GET',
    url: `${url}/:client_id`,
    access: 'admin',
    params: one,
    responses: { 200: Client },
    run: async ({ service }, { app_id, client_id }) =>
      respond(200, clientResponse(await getClient(service, existingAppId(app_id), client_id))),
  }),

  endpoint({
    name: 'change_oauth_client',
    example: examples.change_oauth_client,
    summary: 'Change an OAuth client.',
    idempotency: 'natural',
    tag,
    method: 'PATCH',
    url: `${url}/:client_id`,
    access: 'admin',
    params: one,
    body: { name: Type.Optional(name), ...settings },
    responses: { 200: Client },
    run: async ({ service }, { app_id, client_id, name, ...rest }) => {
      const changed = { name, ...fieldsOf(rest) };
      return respond(
        200,
        clientResponse(await updateClient(service, existingAppId(app_id), client_id, changed)),
      );
    },
  }),

  endpoint({
    name: 'delete_oauth_client',
    summary: 'Delete an OAuth client. Requests with its tokens are refused from then on.',
    tag,
    method: 'DELETE',
    url: `${url}/:client_id`,
    access: 'admin',
    params: one,
    responses: { 204: NoContent },
    run: async ({ service }, { app_id, client_id }) => {
      await deleteClient(service, existingAppId(app_id), client_id);
      return noContent;
    },
  }),
];

const Settings = Type.Object(settings);

function fieldsOf({ grant_types, redirect_uris, user_id }: Static<typeof Settings>) {
  return { grantTypes: grant_types, redirectUris: redirect_uris, user: user_id };
}

function clientResponse(client: OAuthClient): Static<typeof Client> {
  const { id, name, grantTypes, redirectUris, user, secretHash, createdAt } = client;
  return {
    id,
    name,
    grant_types: [...grantTypes],
    redirect_uris: [...redirectUris],
    user_id: user,
    confidential: secretHash !== null,
    created_at: isoTime(createdAt),
  };
}
