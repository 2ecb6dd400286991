/** An app in which everything is as large as it may be, for requests whose cost depends on what is there already. */
import { randomUUID } from 'node:crypto';
import { limits } from '@badged/core';
import { progress } from '../measure/progress.js';
import type { Tokens } from './operations.js';
import type { CostlyRequest, Response, Victim } from './victim.js';

export interface LargeWorld extends Tokens {
  /** Sends something that has to succeed. */
  send(request: CostlyRequest): Promise<Response>;
  /** A request of the app's backend. */
  on(method: string, path: string, body?: unknown): CostlyRequest;
  patch(path: string, operations: unknown): CostlyRequest;
  admin(method: string, path: string, body?: unknown): CostlyRequest;
  /** A request of the user who has the most of everything. */
  own(method: string, path: string, body?: unknown): CostlyRequest;
  /** The id of a new room with so many participants. */
  room(participants: number, options?: object): Promise<string>;
  /** Rooms with as many participants as one may have. */
  readonly rooms: readonly string[];
  /** A room in which `user` has read 10,000 messages, and one of its messages in the middle. */
  readonly busyRoom: string;
  readonly busyMessage: string;
  readonly announcement: string;
  readonly channel: string;
  /** Another app, with a room of the largest size. */
  readonly otherApp: string;
}

export const people = limits.participantsPerConversation;
const conversationsOfUser = 40_000;

export function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
}

/** As long as a user id may be. */
export function longNames(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index).padStart(limits.userIdBytes, 'u'));
}

export function message(sender: string): object {
  return { sender: { user_id: sender }, parts: [{ body: 'hello', mime_type: 'text/plain' }] };
}

export function list<T>(count: number, item: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => item(index));
}

export async function openLargeWorld(victim: Victim): Promise<LargeWorld> {
  const basics = await openBasics(victim, victim.app);
  const { on, send, room, user } = basics;
  progress(`10 rooms of ${people}`);
  const rooms: string[] = [];
  for (let n = 0; n < 10; n += 1) rooms.push(await room(people));
  progress(`a user in ${conversationsOfUser} conversations`);
  for (let n = 0; n < conversationsOfUser / 1_000; n += 1) {
    const create = {
      operation: 'create_conversation',
      participants: [user, `friend-${n}`],
      distinct: false,
    };
    await send(
      on(
        'POST',
        '/events',
        list(1_000, () => create),
      ),
    );
  }
  progress('10,000 messages');
  const busyRoom = await room(2);
  const ids = list(limits.lookBackMessages, () => randomUUID());
  for (let from = 0; from < ids.length; from += 1_000) {
    const sends = ids.slice(from, from + 1_000).map((id) => ({
      operation: 'send_message',
      conversation_id: busyRoom,
      id,
      ...message('person-1'),
    }));
    await send(on('POST', '/events', sends));
  }
  await send(on('POST', `/users/${user}/conversations/${busyRoom}/mark_all_read`, {}));
  progress('devices, blocks, an announcement, a channel');
  await send(
    on(
      'POST',
      '/events',
      list(25, (n) => ({
        operation: 'register_push_token',
        user_id: user,
        device_id: `device-${n}`,
        type: 'fcm',
        token: `token-${n}`,
      })),
    ),
  );
  await send(
    basics.patch(`/users/${user}`, [
      { operation: 'set', property: 'blocks', value: names('b', limits.usersPerRequest) },
    ]),
  );
  const announced = await send(
    on('POST', '/announcements', { recipients: [user], sender: { name: 'system' } }),
  );
  const channel = await send(basics.own('POST', '/api/v2/notifications/channels'));
  progress('another app');
  const other = await victim.server.createApp();
  await (await openBasics(victim, other)).room(people);
  return {
    ...basics,
    rooms,
    busyRoom,
    busyMessage: ids[5_000] ?? '',
    announcement: /layer:\/\/\/announcements\/([^"]+)"/.exec(announced.text)?.[1] ?? '',
    channel: /"id":"([^"]+)"/.exec(channel.text)?.[1] ?? '',
    otherApp: other.id,
  };
}

type Basics = Tokens & Pick<LargeWorld, 'send' | 'on' | 'patch' | 'admin' | 'own' | 'room'>;

async function openBasics(victim: Victim, { id, token }: Victim['app']): Promise<Basics> {
  const user = 'person-0';
  const withBody = (body: unknown) => (body === undefined ? {} : { body: JSON.stringify(body) });
  const on: LargeWorld['on'] = (method, path, body) => ({
    method,
    path: `/apps/${id}${path}`,
    token,
    ...withBody(body),
  });
  const patch: LargeWorld['patch'] = (path, operations) => ({
    ...on('PATCH', path, operations),
    contentType: 'application/vnd.layer-patch+json',
  });
  const send: LargeWorld['send'] = async (request) => {
    const response = await victim.send(request);
    if (response.status < 300) return response;
    throw new Error(`${request.method} ${request.path}: ${response.status} ${response.text.slice(0, 300)}`);
  };
  const created = (text: string) => /layer:\/\/\/conversations\/([^"]+)"/.exec(text)?.[1] ?? '';
  const room: LargeWorld['room'] = async (participants, options = {}) => {
    const all = names('person', participants);
    const whole = await victim.send(on('POST', '/conversations', { participants: all, ...options }));
    if (whole.status < 300) return created(whole.text);
    // One request names fewer than a room may have.
    const step = limits.usersPerRequest;
    const first = await send(on('POST', '/conversations', { participants: all.slice(0, step), ...options }));
    for (let from = step; from < all.length; from += step) {
      const value = all.slice(from, from + step);
      await send(
        patch(`/conversations/${created(first.text)}`, [
          { operation: 'add', property: 'participants', value },
        ]),
      );
    }
    return created(first.text);
  };
  await send(on('PUT', `/users/${user}/badge`, { external_unread_count: 1 }));
  const issued = await send(on('POST', `/users/${user}/tokens`, {}));
  const userToken = /"access_token":"([^"]+)"/.exec(issued.text)?.[1] ?? '';
  const { adminToken } = victim.server;
  return {
    app: id,
    appToken: token,
    adminToken,
    user,
    userToken,
    send,
    on,
    patch,
    room,
    admin: (method, path, body) => ({ method, path: `/admin${path}`, token: adminToken, ...withBody(body) }),
    own: (method, path, body) => ({ method, path, token: userToken, ...withBody(body) }),
  };
}
