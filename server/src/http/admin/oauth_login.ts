/** How an app signs its users in: its login page, and the public keys of its identity tokens. */

import { limits } from '@badged/core';
import Type from 'typebox';
import { existingAppId } from '../../service/apps.js';
import { deleteLogin, getLogin, type LoginSettings, setLogin } from '../../service/oauth/login.js';
import { audienceOf } from '../../service/oauth/sign_in.js';
import { endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { examples } from './examples/oauth.js';

const tag = 'admin';
const url = '/admin/apps/:app_id/login';
const params = { app_id: Type.String({ description: 'The UUID of the app.' }) };

const Login = Type.Object(
  {
    url: Type.String({ description: 'The URL that users are sent to for signing in.' }),
    keys: Type.Array(Type.Record(Type.String(), Type.String()), { description: 'Public JWKs.' }),
    audience: Type.String({ description: 'The audience (aud) that identity tokens must have.' }),
  },
  { $id: 'Login' },
);

export const loginEndpoints = [
  endpoint({
    name: 'set_login',
    example: examples.set_login,
    summary: "Set the app's login page and the keys that sign its identity tokens.",
    tag,
    method: 'PUT',
    url,
    access: 'admin',
    params,
    body: {
      url: Type.String({ description: 'The https URL of the login page.' }),
      keys: Type.Array(Type.Record(Type.String(), Type.Unknown()), {
        maxItems: limits.loginKeys,
        description: 'A list of public JWKs, RSA or EC on P-256.',
      }),
    },
    responses: { 200: Login },
    run: async ({ service }, { app_id, url, keys }) => {
      const app = existingAppId(app_id);
      return respond(200, loginResponse(app, await setLogin(service, app, { url, keys })));
    },
  }),

  endpoint({
    name: 'get_login',
    example: examples.get_login,
    summary: "Read the app's login page and its keys.",
    tag,
    method: 'GET',
    url,
    access: 'admin',
    params,
    responses: { 200: Login },
    run: async ({ service }, { app_id }) => {
      const app = existingAppId(app_id);
      return respond(200, loginResponse(app, await getLogin(service, app)));
    },
  }),

  endpoint({
    name: 'delete_login',
    summary: 'Remove the login page. Users can no longer sign in to the app.',
    tag,
    method: 'DELETE',
    url,
    access: 'admin',
    params,
    responses: { 204: NoContent },
    run: async ({ service }, { app_id }) => {
      await deleteLogin(service, existingAppId(app_id));
      return noContent;
    },
  }),
];

function loginResponse(app: string, { url, keys }: LoginSettings) {
  return { url, keys: keys.map((key) => ({ ...key })), audience: audienceOf(app) };
}
