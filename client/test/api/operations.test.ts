// Every operation of a real service has its method, and what goes in and comes out is what the types say.

import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClient, operations, type PatchOperation } from '../../src/api/index.js';
import { type BadgeService, parts, startBadgeService } from './service.js';

const run = promisify(execFile);
const example = new URL('../../examples/api/send_and_read.mjs', import.meta.url);
const documentation = new URL('../../../docs/client.md', import.meta.url);

let service: BadgeService;
beforeAll(async () => {
  service = await startBadgeService();
});
afterAll(() => service.close());

describe('the methods', () => {
  it('are those of the OpenAPI document of the service, but for what other clients are for', async () => {
    const elsewhere = new Set(['chat badges', 'notification channels', 'operations']);
    const document = await (await fetch(`${service.url}/openapi.json`)).json();
    const described = Object.entries<Record<string, { operationId: string; tags: string[] }>>(document.paths)
      .flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, { operationId, tags }]) => ({
          path,
          method,
          operationId,
          tags,
        })),
      )
      .filter(({ tags }) => !tags.some((tag) => elsewhere.has(tag)));
    const names = described.map(({ operationId }) => operationId);
    expect(names).toContain('send_message');
    expect(Object.keys(operations).map(snakeCase).sort()).toEqual(names.sort());
    const addresses = described.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    const called = Object.values(operations).map(
      ({ method, path }) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`,
    );
    expect(called.sort()).toEqual(addresses.sort());
    for (const name of Object.keys(operations)) expect(service.direct).toHaveProperty(name);
  });

  it('send a message, count it, and read it', async () => {
    const { app, direct: client } = service;
    const conversation = await client.createConversation({
      ...app,
      participants: ['ada', 'bob'],
      metadata: { title: 'Lunch' },
    });
    expect(await client.getConversation({ ...app, conversation_id: conversation.id })).toEqual(conversation);
    const of = { ...app, user_id: 'bob' };
    const within = { ...of, conversation_id: conversation.id };
    const message = await client.sendMessage({
      ...within,
      sender: { user_id: 'ada' },
      parts,
      mentions: ['bob'],
    });
    expect(message).toMatchObject({ position: 1, recipient_status: { ada: 'read', bob: 'sent' } });
    const second = await client.sendMessage({ ...within, sender: { name: 'The System' }, parts });
    expect((await client.getBadge(of)).badge).toBe(2);
    expect((await client.explainBadge(of)).items).toMatchObject([{ kind: 'conversation', adds: 2 }]);
    await client.createMessageReceipt({ ...of, message_id: message.id, type: 'read' });
    expect((await client.getUserConversation(within)).unread_message_count).toBe(1);
    await client.setNotifications({ ...within, level: 'none', muted_until: null });
    expect((await client.getBadge(of)).badge).toBe(0);
    await client.setNotifications({ ...within, level: 'all' });
    await client.deleteMessage({ ...within, message_id: second.id });
    expect((await client.getBadge(of)).badge).toBe(0);
    await client.markUnread({ ...within, position: 1 });
    await client.markAllRead({ ...within, position: 2 });
    expect((await client.getBadge(of)).unread_message_count).toBe(0);
  });

  it('take a body that is a list by its name, and leave out of a query what is undefined', async () => {
    const { app, direct: client } = service;
    const { id } = await client.createConversation({ ...app, participants: ['carl', 'dora'] });
    const change: PatchOperation[] = [
      { operation: 'add', property: 'participants', value: 'eve' },
      { operation: 'set', property: 'metadata.title', value: 'Tea' },
    ];
    expect(
      await client.changeConversation({ ...app, conversation_id: id, operations: change }),
    ).toBeUndefined();
    const page = { ...app, user_id: 'eve', page_size: 1, unread: false, sort_by: 'last_message' } as const;
    let total = '';
    const [first] = await client.listUserConversations(page, {
      onResponse: (_status, headers) => {
        total = `${headers.get('layer-count')}`;
      },
    });
    expect(first).toMatchObject({ id, metadata: { title: 'Tea' }, participants: ['carl', 'dora', 'eve'] });
    expect(total).toBe('1');
    await client.changeBlocks({
      ...app,
      owner_id: 'eve',
      operations: [{ operation: 'set', property: 'blocks', value: ['carl'] }],
    });
    expect(await client.listBlocks({ ...app, owner_id: 'eve' })).toEqual([{ user_id: 'carl' }]);
    await client.deleteBlock({ ...app, owner_id: 'eve', user_id: 'carl' });
    expect(await client.listBlocks({ ...app, owner_id: 'eve' })).toEqual([]);
  });

  it('set and read the badges of many, and apply a batch', async () => {
    const { app, direct: client } = service;
    expect(await client.setBadges({ ...app, users: { fay: 3, gus: 4 } })).toBeUndefined();
    const read = await client.readBadges({ ...app, user_ids: ['fay', 'nobody'] });
    expect(read.users).toMatchObject({ fay: { external_unread_count: 3 }, nobody: null });
    const answers = await client.createEvents({
      ...app,
      operations: [
        { operation: 'set_badge', user_id: 'fay', external_unread_count: 9 },
        { operation: 'delete_external_count', user_id: 'gus', name: 'none' },
        { operation: 'create_message_receipt', user_id: 'gus', message_id: 'no id', type: 'read' },
      ],
    });
    expect(answers).toMatchObject([
      { status: 204 },
      { status: 204 },
      { status: 404, body: { id: 'not_found' } },
    ]);
    expect((await client.getBadge({ ...app, user_id: 'fay' })).external_unread_count).toBe(9);
  });

  it('serve a user with a token of their own', async () => {
    const { app, direct: client, url } = service;
    const { access_token } = await client.createUserToken({ ...app, user_id: 'hal' });
    const own = createClient({ url, token: async () => access_token });
    const device = { device_id: 'phone', type: 'fcm', token: `registration:${'a'.repeat(140)}` } as const;
    await own.registerOwnPushToken(device);
    expect(await own.listOwnPushTokens()).toMatchObject([{ device_id: 'phone', type: 'fcm' }]);
    await own.unregisterOwnPushToken({ device_id: 'phone' });
    expect(await client.listPushTokens({ ...app, user_id: 'hal' })).toEqual([]);
    const { id } = await client.createAnnouncement({
      ...app,
      recipients: ['hal'],
      sender: { name: 'News' },
      parts,
    });
    await own.createOwnAnnouncementReceipt({ announcement_id: id, type: 'read' });
    await expect(own.createBlock({ ...app, owner_id: 'hal', user_id: 'ida' })).rejects.toMatchObject({
      status: 403,
    });
  });

  it('run the service: apps, tokens, OAuth clients and credentials', async () => {
    const { admin } = service;
    const { token: _shownOnce, ...app } = await admin.createApp({ name: 'Another', badge_mode: 'external' });
    const of = { app_id: app.id };
    expect(await admin.getApp(of)).toEqual(app);
    expect(await admin.changeApp({ ...of, name: 'Renamed' })).toEqual({ ...app, name: 'Renamed' });
    const added = await admin.createToken({ ...of, label: 'CI' });
    expect(await admin.listTokens(of)).toContainEqual({
      id: added.id,
      label: 'CI',
      created_at: added.created_at,
    });
    await admin.revokeToken({ ...of, token_id: added.id });
    const oauth = await admin.createOauthClient({
      ...of,
      name: 'Web',
      redirect_uris: ['https://app.example.com/'],
    });
    expect((await admin.listOauthClients(of)).map(({ id }) => id)).toEqual([oauth.id]);
    const vapid = { subject: 'mailto:ops@example.com', navigate: 'https://app.example.com/' };
    const credentials = await admin.setWebpushCredentials({ ...of, ...vapid });
    expect(credentials).toMatchObject({ ...vapid, health: { state: 'ok' } });
    await admin.deleteApp(of);
    await expect(admin.getApp(of)).rejects.toMatchObject({ id: 'not_found' });
  });
});

describe('the documentation', () => {
  const page = readFileSync(documentation, 'utf8');

  it('names every operation that is not a GET, PUT or DELETE where it says when that is made again', () => {
    const rows = page.split('\n').filter((line) => /^\| .*\| again \| /.test(line));
    const named = rows.map((row) => [...row.matchAll(/`(\w+)`/g)].map(([, name]) => name).sort());
    const others = Object.entries(operations).filter(
      ([, { method }]) => !['GET', 'PUT', 'DELETE'].includes(method),
    );
    const retried = (wanted?: string) =>
      others.flatMap(([name, { idempotency }]) => (idempotency === wanted ? [name] : [])).sort();
    expect(named.slice(1)).toEqual([
      retried('request_id'),
      retried('per_operation'),
      retried('natural'),
      retried(),
    ]);
  });

  it('has a program that is there, and prints what it says', async () => {
    const [, program, printed] = /```js\n(\/\*\*\n \* Two users.*?)```.*?```\n(Bob.*?)```/su.exec(page) ?? [];
    expect(program).toBe(readFileSync(example, 'utf8'));
    const env = { ...process.env, BADGED_URL: service.url, BADGED_ADMIN_TOKEN: service.adminToken };
    expect(await run(process.execPath, [fileURLToPath(example)], { env })).toEqual({
      stdout: printed,
      stderr: '',
    });
  });
});

function snakeCase(method: string): string {
  return method.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
