// A badge service as its client's tests need it: a server process, an app in it, and a proxy in front of it that loses
// answers when it is told to.

import { type Client, createClient } from '../../src/api/index.js';
import { startServerProcess } from '../platform/server/server_process.js';
import { startProxy, type UnreliableProxy } from './unreliable_proxy.js';

export interface BadgeService {
  /** Of the service itself. */
  readonly url: string;
  readonly adminToken: string;
  readonly appToken: string;
  /** What every operation of the app takes. */
  readonly app: { readonly app_uuid: string };
  readonly proxy: UnreliableProxy;
  readonly admin: Client;
  /** With the app's token, and without a proxy in between. */
  readonly direct: Client;
  close(): Promise<void>;
}

export async function startBadgeService(): Promise<BadgeService> {
  const server = await startServerProcess();
  const { origin: url, adminToken } = server;
  const admin = createClient({ url, token: adminToken });
  const { id, token: appToken } = await admin.createApp({ name: 'An app', include_announcements: true });
  const proxy = await startProxy(url);
  return {
    url,
    adminToken,
    appToken,
    app: { app_uuid: id },
    proxy,
    admin,
    direct: createClient({ url, token: appToken }),
    async close() {
      await proxy.close();
      await server.stop();
    },
  };
}

export const parts = [{ body: 'Hello', mime_type: 'text/plain' }];
