/** Whether an app has a login and push credentials, in one response, so that clients need not try each endpoint. */

import Type from 'typebox';
import type { Platform } from '../../push_target.js';
import { appSetup } from '../../service/app_setup.js';
import { endpoint, respond } from '../foundation/endpoint.js';
import { examples } from './examples/apps.js';

const AppSetup = Type.Object(
  {
    login: Type.Boolean({ description: 'Whether the app has a login page.' }),
    push: Type.Array(Type.Unsafe<Platform>({ type: 'string', enum: ['apns', 'fcm', 'webpush'] }), {
      description: 'The platforms that the app has push credentials for.',
    }),
  },
  { $id: 'AppSetup' },
);

export const appSetupEndpoints = [
  endpoint({
    name: 'get_app_setup',
    example: examples.get_app_setup,
    summary: 'Read whether an app has a login page, and the platforms that it has push credentials for.',
    tag: 'admin',
    method: 'GET',
    url: '/admin/apps/:app_id/setup',
    access: 'admin',
    params: { app_id: Type.String({ description: 'The UUID of the app.' }) },
    responses: { 200: AppSetup },
    run: async ({ service }, { app_id }) => {
      const { hasLogin, push } = await appSetup(service, app_id);
      return respond(200, { login: hasLogin, push: [...push] });
    },
  }),
];
