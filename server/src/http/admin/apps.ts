/** Apps: the operator creates, lists, changes and deletes them. */

import Type, { type Static } from 'typebox';
import { createApp, deleteApp, getApp, listApps, updateApp } from '../../service/apps.js';
import type { App as StoredApp } from '../../store/port.js';
import { Mode } from '../foundation/badge_mode.js';
import { endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { isoTime, Time } from '../foundation/ids.js';
import { examples } from './examples/apps.js';

const tag = 'admin';
const url = '/admin/apps';
const params = { app_id: Type.String({ description: 'The UUID of the app.' }) };

const fields = {
  id: Type.String({ format: 'uuid' }),
  name: Type.String(),
  badge_mode: Mode,
  include_announcements: Type.Boolean(),
  jabber_domain: Type.String(),
  created_at: Time,
};
const App = Type.Object(fields, { $id: 'App' });
const NewApp = Type.Object(
  {
    ...fields,
    token: Type.String({ description: 'The first token. It is shown only in this response.' }),
  },
  { $id: 'NewApp' },
);

const name = Type.String({ description: 'A display name of the app.' });
const settings = {
  badge_mode: Type.Optional(Mode),
  include_announcements: Type.Optional(
    Type.Boolean({ description: 'true or false: whether unread announcements count in the badge.' }),
  ),
  jabber_domain: Type.Optional(Type.String({ description: 'A domain name, such as chat.example.com.' })),
};

export const appEndpoints = [
  endpoint({
    name: 'create_app',
    example: examples.create_app,
    summary: 'Create an app and its first token.',
    idempotency: 'none',
    tag,
    method: 'POST',
    url,
    access: 'admin',
    params: {},
    body: { name, ...settings },
    responses: { 201: NewApp },
    run: async ({ service }, { name, ...rest }) => {
      const { app, token } = await createApp(service, { name, ...settingsOf(rest) });
      return respond(201, { ...appResponse(app), token });
    },
  }),

  endpoint({
    name: 'list_apps',
    example: examples.list_apps,
    summary: 'List the apps, oldest first.',
    tag,
    method: 'GET',
    url,
    access: 'admin',
    params: {},
    responses: { 200: Type.Array(App) },
    run: async ({ service }) => respond(200, (await listApps(service)).map(appResponse)),
  }),

  endpoint({
    name: 'get_app',
    example: examples.get_app,
    summary: 'Read an app.',
    tag,
    method: 'GET',
    url: `${url}/:app_id`,
    access: 'admin',
    params,
    responses: { 200: App },
    run: async ({ service }, { app_id }) => respond(200, appResponse(await getApp(service, app_id))),
  }),

  endpoint({
    name: 'change_app',
    example: examples.change_app,
    summary: 'Rename an app, or change what its badges count.',
    idempotency: 'natural',
    tag,
    method: 'PATCH',
    url: `${url}/:app_id`,
    access: 'admin',
    params,
    body: { name: Type.Optional(name), ...settings },
    responses: { 200: App },
    run: async ({ service }, { app_id, name, ...rest }) => {
      const app = await updateApp(service, app_id, { name, ...settingsOf(rest) });
      return respond(200, appResponse(app));
    },
  }),

  endpoint({
    name: 'delete_app',
    summary: 'Delete an app and all of its data.',
    tag,
    method: 'DELETE',
    url: `${url}/:app_id`,
    access: 'admin',
    params,
    responses: { 204: NoContent },
    run: async ({ service }, { app_id }) => {
      await deleteApp(service, app_id);
      return noContent;
    },
  }),
];

const Settings = Type.Object(settings);

function settingsOf({ badge_mode, include_announcements, jabber_domain }: Static<typeof Settings>) {
  return { badgeMode: badge_mode, includeAnnouncements: include_announcements, jabberDomain: jabber_domain };
}

function appResponse({ id, name, settings, jabberDomain, createdAt }: StoredApp): Static<typeof App> {
  return {
    id,
    name,
    badge_mode: settings.mode,
    include_announcements: settings.includeAnnouncements,
    jabber_domain: jabberDomain,
    created_at: isoTime(createdAt),
  };
}
