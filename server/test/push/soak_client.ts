/** A small app's backend, with users, conversations and devices, that does random things over HTTP. */
import { randomBytes, randomUUID } from 'node:crypto';
import { call } from '../process/server_process.js';
import type { Providers } from './providers.js';
import { chance, pick, type Random } from './random.js';
import { adminToken, type SoakServer } from './soak_server.js';

const users = ['ann', 'bob', 'cid', 'dee', 'eve', 'fay'];

interface Device {
  readonly id: string;
  readonly type: 'apns' | 'fcm';
  readonly token: string;
  user: string;
}

export class SoakClient {
  readonly #server: SoakServer;
  readonly #providers: Providers;
  readonly #app: string;
  readonly #token: string;
  readonly #devices: Device[] = [];
  readonly #conversations: string[] = [];
  readonly #messages: string[] = [];
  /** One move at a time: with two, it would be open which of them the server saw last. */
  #moves: Promise<void> = Promise.resolve();

  private constructor(server: SoakServer, providers: Providers, app: string, token: string) {
    this.#server = server;
    this.#providers = providers;
    this.#app = app;
    this.#token = token;
  }

  static async open(server: SoakServer, providers: Providers): Promise<SoakClient> {
    const { json } = await call(server, adminToken, 'POST', '/admin/apps', { name: 'soak' });
    const client = new SoakClient(server, providers, String(json.id), String(json.token));
    await client.#setCredentials();
    for (const user of users) {
      await client.#register({
        id: `${user}-phone`,
        type: 'apns',
        token: randomBytes(32).toString('hex'),
        user,
      });
      await client.#register({
        id: `${user}-tablet`,
        type: 'fcm',
        token: randomBytes(40).toString('base64url'),
        user,
      });
    }
    for (const participants of [users, users.slice(0, 2), users.slice(2)]) {
      const id = randomUUID();
      await client.#must('POST', '/conversations', { id, participants });
      client.#conversations.push(id);
    }
    return client;
  }

  /** One random thing. It may fail while the server is away: then it may or may not have happened. */
  async doSomething(random: Random): Promise<void> {
    const user = pick(random, users);
    const conversation = pick(random, this.#conversations);
    const dice = random();
    if (dice < 0.5) await this.#send(random, conversation, user);
    else if (dice < 0.65) await this.#read(random, user);
    else if (dice < 0.78)
      await this.#try('POST', `/users/${user}/conversations/${conversation}/mark_all_read`, {});
    else if (dice < 0.88)
      await this.#try('PUT', `/users/${user}/badge`, { external_unread_count: Math.floor(random() * 5) });
    else if (dice < 0.92) await this.#changeMode(random);
    else {
      this.#moves = this.#moves.then(() => this.#move(random));
      await this.#moves;
    }
  }

  /** What each device's icon shows, beside what the API says its user's badge is. */
  async compare(): Promise<{ shown: Record<string, number | undefined>; true: Record<string, unknown> }> {
    const shown: Record<string, number | undefined> = {};
    const truth: Record<string, unknown> = {};
    for (const user of users) {
      const { json } = await call(this.#server, this.#token, 'GET', `/apps/${this.#app}/users/${user}/badge`);
      for (const device of this.#devices.filter((one) => one.user === user)) {
        truth[device.id] = json.badge;
        shown[device.id] = this.#providers.badge(device.token);
      }
    }
    return { shown, true: truth };
  }

  async #send(random: Random, conversation: string, user: string): Promise<void> {
    const id = randomUUID();
    const notification = chance(random, 0.6) ? { notification: { title: user, text: 'Hello' } } : {};
    const parts = [{ body: 'Hello', mime_type: 'text/plain' }];
    await this.#try('POST', `/conversations/${conversation}/messages`, {
      id,
      sender: { user_id: user },
      parts,
      ...notification,
    });
    this.#messages.push(id);
  }

  async #read(random: Random, user: string): Promise<void> {
    if (this.#messages.length === 0) return;
    await this.#try('POST', `/users/${user}/messages/${pick(random, this.#messages)}/receipts`, {
      type: 'read',
    });
  }

  /** Back to messages at once, so that the end is never "no badge". */
  async #changeMode(random: Random): Promise<void> {
    const badge_mode = pick(random, ['unread_messages', 'unread_conversations', 'external']);
    await call(this.#server, adminToken, 'PATCH', `/admin/apps/${this.#app}`, { badge_mode }).catch(
      () => undefined,
    );
  }

  /** Another user signs in on the device. It counts once there is a response: until then its user is open. */
  async #move(random: Random): Promise<void> {
    const device = pick(random, this.#devices);
    const user = pick(random, users);
    // However long the server is away: a move without a response would leave open whose the device is.
    while (!(await this.#try('POST', `/users/${user}/push_tokens`, registration(device)))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    device.user = user;
  }

  async #register(device: Device): Promise<void> {
    await this.#must('POST', `/users/${device.user}/push_tokens`, registration(device));
    this.#devices.push(device);
  }

  async #setCredentials(): Promise<void> {
    const { apnsKey, fcm } = this.#providers;
    const path = `/admin/apps/${this.#app}/push`;
    const answers = [
      await call(this.#server, adminToken, 'PUT', `${path}/apns`, apnsCredentials(apnsKey)),
      await call(this.#server, adminToken, 'PUT', `${path}/fcm`, fcm.serviceAccount),
    ];
    for (const { status, json } of answers) if (status >= 300) throw new Error(JSON.stringify(json));
  }

  async #must(method: string, path: string, body: unknown): Promise<void> {
    const { status, json } = await call(this.#server, this.#token, method, `/apps/${this.#app}${path}`, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
  }

  /** Whether it was answered with a 2xx. */
  async #try(method: string, path: string, body: unknown): Promise<boolean> {
    const answer = await call(this.#server, this.#token, method, `/apps/${this.#app}${path}`, body).catch(
      () => undefined,
    );
    return answer !== undefined && answer.status < 300;
  }
}

function registration({ id, type, token }: Device): object {
  const bundle = type === 'apns' ? { apns_bundle_id: 'com.example.chat' } : {};
  return { device_id: id, type, token, ...bundle };
}

function apnsCredentials(key: Providers['apnsKey']): object {
  return { team_id: key.teamId, key_id: key.keyId, private_key: key.privateKey };
}
