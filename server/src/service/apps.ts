/** Apps: the tenants. Each is created with one token, so that it can be used at once. */
import { type BadgeMode, limits, parseUuid } from '@badged/core';
import type { App } from '../store/port.js';
import { issueToken } from './app_tokens.js';
import { checkedName } from './names.js';
import { orNotFound, refuseInvalid, refuseNotFound } from './refused.js';
import type { Service } from './service.js';

export interface AppFields {
  readonly name?: string | undefined;
  readonly badgeMode?: BadgeMode | undefined;
  readonly includeAnnouncements?: boolean | undefined;
  readonly jabberDomain?: string | undefined;
}

export interface CreatedApp {
  readonly app: App;
  /** The whole token. It cannot be read again later. */
  readonly token: string;
}

export async function createApp(
  service: Service,
  fields: AppFields & { readonly name: string },
): Promise<CreatedApp> {
  const app = await addApp(service, service.newId(), fields);
  const { text } = await issueToken(service, app.id, 'first');
  return { app, token: text };
}

/** Without a token. The id must be new. */
export async function addApp(
  service: Service,
  id: string,
  fields: AppFields & { readonly name: string },
): Promise<App> {
  const app: App = {
    id,
    name: checkedName(fields.name, 'name', limits.appNameBytes),
    settings: {
      mode: fields.badgeMode ?? 'unread_messages',
      includeAnnouncements: fields.includeAnnouncements ?? false,
    },
    jabberDomain: jabberDomain(fields.jabberDomain ?? `${id}.badged`),
    createdAt: service.now(),
  };
  await service.store.apps.create(app);
  return app;
}

export async function updateApp(service: Service, id: string, fields: AppFields): Promise<App> {
  const change = {
    ...(fields.name === undefined ? {} : { name: checkedName(fields.name, 'name', limits.appNameBytes) }),
    ...(fields.jabberDomain === undefined ? {} : { jabberDomain: jabberDomain(fields.jabberDomain) }),
    settings: {
      ...(fields.badgeMode === undefined ? {} : { mode: fields.badgeMode }),
      ...(fields.includeAnnouncements === undefined
        ? {}
        : { includeAnnouncements: fields.includeAnnouncements }),
    },
  };
  return orNotFound(await service.store.apps.update(existingAppId(id), change), `App ${id}`);
}

export async function getApp(service: Service, id: string): Promise<App> {
  return orNotFound(await service.store.apps.get(existingAppId(id)), `App ${id}`);
}

export async function listApps(service: Service): Promise<readonly App[]> {
  return service.store.apps.list();
}

export async function deleteApp(service: Service, id: string): Promise<void> {
  const app = existingAppId(id);
  if (!(await service.store.apps.delete(app))) refuseNotFound(`App ${id}`);
  service.oauth.changes.emit({ app, kind: 'app' });
}

/** @throws Refused `not_found` if the text is no UUID, because no app has such an id. */
export function existingAppId(text: string): string {
  return parseUuid(text) ?? refuseNotFound(`App ${JSON.stringify(text)}`);
}

/** In lower case. It is the part after the @ of every JID of the app. */
function jabberDomain(text: string): string {
  const domain = text.toLowerCase();
  if (!/^[a-z0-9]([a-z0-9.-]{0,253}[a-z0-9])?$/.test(domain)) {
    refuseInvalid('jabber_domain', 'jabber_domain must be a domain name, such as chat.example.com.');
  }
  return domain;
}
