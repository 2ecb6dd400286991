// Calls that are made again, through a proxy that loses answers of a real service: nothing is ever done twice.

import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BadgedError, type Client, createClient } from '../../src/api/index.js';
import { type BadgeService, parts, startBadgeService } from './service.js';
import type { Fate, UnreliableProxy } from './unreliable_proxy.js';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

let service: BadgeService;
let proxy: UnreliableProxy;
/** Through the proxy. */
let client: Client;
let admin: Client;
let users = 0;
beforeAll(async () => {
  service = await startBadgeService();
  proxy = service.proxy;
  client = createClient({ url: proxy.url, token: service.appToken });
  admin = createClient({ url: proxy.url, token: service.adminToken });
});
afterAll(() => service.close());
beforeEach(() => {
  // Of the times to wait that are drawn, the shortest, which is none.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** Two users whom no other test counts for. */
async function freshConversation() {
  const [ada, bob] = [`ada${users}`, `bob${users}`];
  users += 1;
  const conversation = await service.direct.createConversation({ ...service.app, participants: [ada, bob] });
  return { ada, bob, message: { conversation_id: conversation.id, sender: { user_id: ada }, parts } };
}

const badgeOf = (user_id: string) => service.direct.getBadge({ ...service.app, user_id });
const requestIds = () => proxy.seen.map(({ headers }) => headers['if-none-match']);

describe('a call whose answer gets lost', () => {
  it.each<[string, Fate]>([
    ['the connection was cut', 'cut'],
    ['a proxy answered 502', { status: 502, body: '<h1>Bad Gateway</h1>' }],
    ['a proxy answered 504', { status: 504 }],
    ['the service was not ready', { status: 503, headers: { 'retry-after': '0' } }],
    ['the rate was exceeded', { status: 429 }],
  ])('sends a message once, though %s twice', async (_why, fate) => {
    const { bob, message } = await freshConversation();
    proxy.next(fate, fate);
    const sent = await client.sendMessage({ ...service.app, ...message });
    expect(sent.position).toBe(1);
    expect(await badgeOf(bob)).toMatchObject({ unread_message_count: 1 });
    const [id] = requestIds();
    expect(id).toMatch(uuid);
    expect(requestIds()).toEqual([id, id, id]);
  });

  it('announces once', async () => {
    const { bob } = await freshConversation();
    proxy.next('cut');
    const announcement = { recipients: [bob], sender: { name: 'The System' }, parts };
    await client.createAnnouncement({ ...service.app, ...announcement });
    expect(await badgeOf(bob)).toMatchObject({ unread_announcement_count: 1 });
    expect(requestIds()).toHaveLength(2);
  });

  it('creates one conversation, and sends a notification under one id', async () => {
    const { bob } = await freshConversation();
    proxy.next('cut');
    await client.createConversation({ ...service.app, participants: [bob, 'somebody new'] });
    const listed = await service.direct.listUserConversations({ ...service.app, user_id: bob });
    expect(listed).toHaveLength(2);
    proxy.next('cut');
    const notification = { recipients: [bob], notification: { text: 'Hello' } };
    const sent = await client.createNotification({ ...service.app, ...notification });
    expect(requestIds().map((id) => `layer:///notifications/${id}`)).toEqual([sent.id, sent.id]);
  });

  it('applies a batch once, each of its operations having a request id of its own', async () => {
    const { bob, message } = await freshConversation();
    const send = { operation: 'send_message', ...message } as const;
    const own = '0f9619ff-8b86-4d01-b42d-00cf4fc964ff';
    proxy.next('cut', { status: 503 });
    const operations = [send, { ...send, request_id: own }, { ...send, id: own.replace('0f', '1f') }, send];
    const answers = await client.createEvents({ ...service.app, operations });
    expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
    expect(await badgeOf(bob)).toMatchObject({ unread_message_count: 4 });
    const [first, ...others] = proxy.seen.map(({ body }) => body);
    expect(others).toEqual([first, first]);
    expect(JSON.parse(`${first}`)).toMatchObject([
      { request_id: expect.stringMatching(uuid) },
      { request_id: own },
      {},
      {},
    ]);
  });

  it('applies an operation once whose id is there, but undefined', async () => {
    const { bob, message } = await freshConversation();
    // Whether that can be written at all depends on the compiler options of whoever does.
    const operations = [JSON.parse(JSON.stringify({ operation: 'send_message', ...message }))];
    for (const operation of operations) Object.assign(operation, { id: undefined, request_id: undefined });
    proxy.next('cut');
    await client.createEvents({ ...service.app, operations });
    expect(proxy.seen).toHaveLength(2);
    expect(await badgeOf(bob)).toMatchObject({ unread_message_count: 1 });
  });

  it('goes by the id of the resource, where the caller chose one', async () => {
    const { bob, message } = await freshConversation();
    proxy.next('cut');
    await client.sendMessage({ ...service.app, ...message, id: crypto.randomUUID() });
    expect(requestIds()).toEqual([undefined, undefined]);
    expect(await badgeOf(bob)).toMatchObject({ unread_message_count: 1 });
  });

  it('is the same call again with the request id that the caller kept', async () => {
    const { bob, message } = await freshConversation();
    const options = { requestId: crypto.randomUUID() };
    const sent = await service.direct.sendMessage({ ...service.app, ...message }, options);
    const again = await service.direct.sendMessage({ ...service.app, ...message }, options);
    expect(again.id).toBe(sent.id);
    expect(await badgeOf(bob)).toMatchObject({ unread_message_count: 1 });
  });

  it('is made again where it says what shall be', async () => {
    const { bob, message } = await freshConversation();
    await service.direct.sendMessage({ ...service.app, ...message });
    const of = { ...service.app, user_id: bob };
    proxy.next('cut', { status: 503 });
    expect(await client.getBadge(of)).toMatchObject({ unread_message_count: 1 });
    proxy.next('cut');
    await client.setExternalCount({ ...of, name: 'mail', count: 3 });
    proxy.next('cut');
    await client.markAllRead({ ...of, conversation_id: message.conversation_id });
    expect(await badgeOf(bob)).toMatchObject({ external_unread_count: 3, unread_message_count: 0 });
    proxy.next('cut');
    await client.deleteExternalCount({ ...of, name: 'mail' });
    proxy.next('cut');
    const add = { operation: 'add', property: 'participants', value: 'eve' } as const;
    await client.changeConversation({
      ...service.app,
      conversation_id: message.conversation_id,
      operations: [add],
    });
    expect(proxy.seen).toHaveLength(2);
    expect(await badgeOf(bob)).toMatchObject({ external_unread_count: 0 });
  });

  it('is not made again where that would do it twice: the caller hears that nobody knows', async () => {
    for (const [fate, id] of [
      ['cut', 'connection_failed'] as const,
      [{ status: 503 }, 'unexpected_answer'] as const,
    ]) {
      proxy.next(fate);
      await expect(admin.createApp({ name: `lost by ${id}` })).rejects.toMatchObject({ id });
      expect(proxy.seen).toHaveLength(1);
    }
    const names = (await service.admin.listApps()).map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('lost'))).toEqual(['lost by connection_failed']);
    proxy.next({ status: 429 });
    const { name } = await admin.createApp({ name: 'turned away first' });
    expect([name, proxy.seen.length]).toEqual(['turned away first', 2]);
  });
});

describe('making a call again', () => {
  it('has deleted what the attempt after it does not find any more, and nothing else has', async () => {
    const { id: app_id } = await admin.createApp({ name: 'soon gone' });
    proxy.next('cut');
    expect(await admin.deleteApp({ app_id })).toBeUndefined();
    expect(proxy.seen).toHaveLength(2);
    proxy.next({ status: 429 });
    await expect(admin.deleteApp({ app_id })).rejects.toMatchObject({ status: 404 });
    proxy.next('cut');
    await expect(admin.getApp({ app_id })).rejects.toMatchObject({ status: 404 });
  });

  it('has an end', async () => {
    const { bob } = await freshConversation();
    proxy.next('cut', 'cut', 'cut', 'cut', 'cut');
    const failed = client.getBadge({ ...service.app, user_id: bob });
    await expect(failed).rejects.toMatchObject({ name: 'BadgedError', id: 'connection_failed', status: 0 });
    expect(proxy.seen).toHaveLength(3);
    proxy.next({ status: 503 });
    const once = client.getBadge({ ...service.app, user_id: bob }, { retries: 0 });
    await expect(once).rejects.toBeInstanceOf(BadgedError);
    expect(proxy.seen).toHaveLength(1);
  });

  it('waits as long as Retry-After says', async () => {
    proxy.next({ status: 429, headers: { 'retry-after': '1' } });
    await admin.listApps();
    const [refused, repeated] = proxy.seen;
    expect((repeated?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThan(990);
  });

  it('leaves it to the caller where that is too long', async () => {
    proxy.next({ status: 429, headers: { 'retry-after': '3600' } });
    await expect(admin.listApps()).rejects.toMatchObject({ status: 429, retryAfterMs: 3_600_000 });
    expect(proxy.seen).toHaveLength(1);
  });

  it('does not repeat what the service refused', async () => {
    proxy.next();
    await expect(client.getBadge({ ...service.app, user_id: 'nobody' })).rejects.toMatchObject({
      status: 404,
    });
    expect(proxy.seen).toHaveLength(1);
  });

  it('asks for a token each time', async () => {
    let given = 0;
    const token = async () => (given++ === 0 ? 'an old one' : service.adminToken);
    const asking = createClient({ url: proxy.url, token });
    proxy.next({ status: 503 });
    await asking.listApps();
    expect(proxy.seen.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer an old one',
      `Bearer ${service.adminToken}`,
    ]);
  });
});

describe('time', () => {
  it('runs out for each attempt by itself', async () => {
    proxy.next('hold');
    expect(await admin.listApps({}, { timeoutMs: 500 })).not.toEqual([]);
    expect(proxy.seen).toHaveLength(2);
    proxy.next('hold');
    const failed = admin.listApps({}, { timeoutMs: 50, retries: 0 });
    await expect(failed).rejects.toMatchObject({ id: 'timeout', status: 0 });
  });

  it('is over when the caller says so, while the call is under way and between two attempts', async () => {
    const leaving = new AbortController();
    const reason = new Error('the page was left');
    proxy.next('hold');
    const call = admin.listApps({}, { signal: leaving.signal });
    setTimeout(() => leaving.abort(reason), 50);
    await expect(call).rejects.toBe(reason);
    expect(proxy.seen.length).toBeLessThan(2);

    const waiting = new AbortController();
    proxy.next({ status: 429, headers: { 'retry-after': '30' } });
    const between = admin.listApps(
      {},
      { signal: waiting.signal, onResponse: () => setTimeout(() => waiting.abort(reason), 20) },
    );
    await expect(between).rejects.toBe(reason);
    expect(proxy.seen).toHaveLength(1);
    proxy.next();
    await expect(admin.listApps({}, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    await sleep(0);
    expect(proxy.seen).toHaveLength(0);
  });

  it('is over before anything is sent where the caller says so while the token is fetched', async () => {
    const leaving = new AbortController();
    const reason = new Error('the page was left');
    const token = async () => {
      leaving.abort(reason);
      return service.appToken;
    };
    const { bob, message } = await freshConversation();
    proxy.next();
    const sending = createClient({ url: proxy.url, token });
    const sent = sending.sendMessage({ ...service.app, ...message }, { signal: leaving.signal });
    await expect(sent).rejects.toBe(reason);
    expect(proxy.seen).toEqual([]);
    expect(await badgeOf(bob)).toMatchObject({ unread_message_count: 0 });
  });
});
