/** Three real servers over one PostgreSQL behind a proxy, two apps with four conversations each, and local push services. */
import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DevProviders } from '@badged/dev-push';
import { environment } from '../process/pushing_server.js';
import { call, type ServerProcess, startServer } from '../process/server_process.js';
import { eventually } from '../push/delivery_world.js';
import { type CuttingProxy, cuttingProxy } from '../store/postgres/cutting_proxy.js';
import { Database } from './database.js';
import { ConversationLedger, ExternalLedger } from './ledger.js';

const adminToken = 'an-admin-token-for-tests';
/** It is never made: with a database, no server has one. */
const noDirectory = join(tmpdir(), 'badged-no-data-directory');

export interface ClusterOptions {
  readonly apps: number;
  readonly conversationsPerApp: number;
  /** For the servers' processes. */
  readonly env?: NodeJS.ProcessEnv;
}

/** A place for a server: another process after each restart. */
export interface Slot {
  readonly name: string;
  server: ServerProcess;
  state: 'running' | 'stopped' | 'down';
}

export interface Chat {
  readonly app: string;
  readonly token: string;
  readonly id: string;
  readonly sender: string;
  readonly observer: string;
  readonly reader: string;
  readonly ledger: ConversationLedger;
  /** One user at a time; the last one. */
  external: ExternalLedger;
}

/** A user whose device and stream must show the badge in the end. */
export interface Watched {
  readonly chat: Chat;
  readonly user: string;
  readonly device: string;
}

export class ClusterWorld {
  /** The primary. */
  database: Database;
  readonly proxy: CuttingProxy;
  readonly providers: DevProviders;
  readonly slots: Slot[] = [];
  readonly chats: Chat[] = [];
  readonly watched: Watched[] = [];
  /** What killed servers logged, too. */
  readonly #logs: (() => string)[] = [];
  /** For processes that start from now on. */
  env: NodeJS.ProcessEnv;
  #isCutting: () => boolean = () => false;

  static async open(options: ClusterOptions): Promise<ClusterWorld> {
    const database = await Database.create();
    let world: ClusterWorld | undefined;
    const proxy = await cuttingProxy(database.url, () => world?.cutsNext() ?? false);
    world = new ClusterWorld(database, proxy, await DevProviders.listen(), options.env ?? {});
    await Promise.all(['A', 'B', 'C'].map((name) => world.addServer(name)));
    for (let app = 0; app < options.apps; app += 1) await world.#createApp(app, options);
    return world;
  }

  private constructor(
    database: Database,
    proxy: CuttingProxy,
    providers: DevProviders,
    env: NodeJS.ProcessEnv,
  ) {
    this.database = database;
    this.proxy = proxy;
    this.providers = providers;
    this.env = env;
  }

  cutsNext(): boolean {
    return this.#isCutting();
  }

  /** Cuts commits from their responses while this returns true. */
  cutWhen(decide: () => boolean): void {
    this.#isCutting = decide;
  }

  /** Another server, which has seen nothing of what happened. */
  async addServer(name: string): Promise<Slot> {
    const slot: Slot = { name, server: await this.#process(), state: 'running' };
    this.slots.push(slot);
    return slot;
  }

  /** All that the servers wrote to standard error. */
  logged(): string {
    return this.#logs.map((read) => read()).join('');
  }

  /** Starts a process in the slot; again if the database is away. */
  async start(slot: Slot): Promise<void> {
    await eventually(async () => {
      slot.server = await this.#process();
    }, 120_000);
    slot.state = 'running';
  }

  /** The badge, as a running server says it. */
  async badge(slot: Slot, chat: Chat, user: string): Promise<Record<string, unknown>> {
    const { status, json } = await call(
      slot.server,
      chat.token,
      'GET',
      `/apps/${chat.app}/users/${user}/badge`,
    );
    if (status !== 200) throw new Error(`the badge of ${user} got ${status}`);
    return json;
  }

  async close(): Promise<void> {
    for (const { server } of this.slots) {
      server.signal('SIGCONT');
      await server.kill();
    }
    await this.providers.close();
    await this.proxy.close();
    await this.database.remove();
  }

  async #process(): Promise<ServerProcess> {
    const server = await startServer(noDirectory, {
      ...environment(this.providers),
      ...this.env,
      DATABASE_URL: this.proxy.url,
      BADGED_ADMIN_TOKEN: adminToken,
      BADGED_SECRET_KEY: '00'.repeat(32),
    });
    this.#logs.push(() => server.logged());
    return server;
  }

  async #createApp(index: number, { conversationsPerApp }: ClusterOptions): Promise<void> {
    const [slot] = this.slots;
    if (slot === undefined) throw new Error('there is no server');
    const ask = async (token: string, method: string, path: string, body: unknown) => {
      const { status, json } = await call(slot.server, token, method, path, body);
      if (status >= 300) throw new Error(`${method} ${path} got ${status}: ${JSON.stringify(json)}`);
      return json;
    };
    const created = await ask(adminToken, 'POST', '/admin/apps', { name: `app ${index}` });
    const [app, token] = [String(created.id), String(created.token)];
    const { keyId: key_id, teamId: team_id, privateKey: private_key } = this.providers.apnsKey;
    await ask(adminToken, 'PUT', `/admin/apps/${app}/push/apns`, { key_id, team_id, private_key });
    for (let n = 0; n < conversationsPerApp; n += 1) {
      const [sender, observer, reader] = [`sender${n}`, `observer${n}`, `reader${n}`];
      const participants = [sender, observer, reader];
      const path = `/apps/${app}/conversations`;
      const conversation = await ask(token, 'POST', path, { participants, distinct: false });
      const id = String(conversation.id).split('/').at(-1) ?? '';
      const external = new ExternalLedger(`tasks${n}-0`);
      const chat = { app, token, id, sender, observer, reader, ledger: new ConversationLedger(), external };
      this.chats.push(chat);
      for (const user of [observer, reader]) {
        const device = randomBytes(32).toString('hex');
        const body = {
          device_id: `${user}-phone`,
          type: 'apns',
          token: device,
          apns_bundle_id: 'com.example',
        };
        await ask(token, 'POST', `/apps/${app}/users/${user}/push_tokens`, body);
        this.watched.push({ chat, user, device });
      }
    }
  }
}
