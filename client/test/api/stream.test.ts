// The stream of a badge, of a real service and through a proxy that cuts it.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { BadgedError, type BadgeSnapshot, type Client, createClient } from '../../src/api/index.js';
import { type BadgeService, parts, startBadgeService } from './service.js';

describe('streamBadge', () => {
  let service: BadgeService;
  let client: Client;
  let leaving: AbortController;
  beforeAll(async () => {
    service = await startBadgeService();
    client = createClient({ url: service.proxy.url, token: service.appToken });
  });
  afterAll(() => service.close());
  beforeEach(() => {
    leaving = new AbortController();
    vi.spyOn(Math, 'random').mockReturnValue(0);
  });
  afterEach(() => {
    leaving.abort();
    vi.restoreAllMocks();
  });

  const setBadge = (user_id: string, external_unread_count: number) =>
    service.direct.setBadge({ ...service.app, user_id, external_unread_count });

  it('gives the badge now and after each change, as getBadge answers it', async () => {
    const of = { ...service.app, user_id: 'ada' };
    const { id: conversation_id } = await service.direct.createConversation({
      ...of,
      participants: ['ada', 'bob'],
    });
    const snapshots: BadgeSnapshot[] = [];
    for await (const snapshot of client.streamBadge({ ...of, signal: leaving.signal })) {
      snapshots.push(snapshot);
      const { event_id, ...badge } = snapshot;
      expect(event_id).toMatch(/^\S+$/);
      expect(badge).toEqual(await service.direct.getBadge(of));
      if (snapshots.length === 2) break;
      await service.direct.sendMessage({ ...of, conversation_id, sender: { user_id: 'bob' }, parts });
    }
    expect(snapshots.map(({ badge }) => badge)).toEqual([0, 1]);
  });

  it('goes on where it was cut, with a new token, and tells nothing twice', async () => {
    await setBadge('carl', 1);
    const tokens = [
      service.appToken,
      (await service.admin.createToken({ app_id: service.app.app_uuid })).token,
    ];
    let given = 0;
    const renewing = createClient({ url: service.proxy.url, token: () => `${tokens[given++]}` });
    const counts: number[] = [];
    service.proxy.next();
    for await (const snapshot of renewing.streamBadge({
      ...service.app,
      user_id: 'carl',
      signal: leaving.signal,
    })) {
      counts.push(snapshot.external_unread_count);
      if (counts.length === 2) break;
      service.proxy.cutAll();
      // Once it is back, with nothing to tell.
      const back = vi.waitFor(() => expect(service.proxy.seen).toHaveLength(2), { timeout: 20_000 });
      back.then(() => setBadge('carl', 2));
    }
    expect(counts).toEqual([1, 2]);
    expect(service.proxy.seen.map(({ headers }) => headers['last-event-id'])).toEqual([
      undefined,
      expect.any(String),
    ]);
    expect(service.proxy.seen.map(({ headers }) => headers.authorization)).toEqual(
      tokens.map((text) => `Bearer ${text}`),
    );
  });

  it('streams the unread conversations with it, where they are asked for', async () => {
    const of = { ...service.app, user_id: 'dora' };
    const { id } = await service.direct.createConversation({ ...of, participants: ['dora', 'eve'] });
    await service.direct.sendMessage({ ...of, conversation_id: id, sender: { user_id: 'eve' }, parts });
    for await (const { conversations } of client.streamBadge({
      ...of,
      conversations: true,
      signal: leaving.signal,
    })) {
      expect(conversations).toMatchObject([{ id, unread_message_count: 1 }]);
      break;
    }
  });

  it('throws what the service refuses it with', async () => {
    const refused = client.streamBadge({ ...service.app, user_id: 'nobody' }).next();
    await expect(refused).rejects.toBeInstanceOf(BadgedError);
    await expect(refused).rejects.toMatchObject({
      status: 404,
      id: 'not_found',
      requestId: expect.any(String),
    });
    const stranger = createClient({ url: service.url, token: 'wrong' });
    await expect(stranger.streamBadge({ ...service.app, user_id: 'ada' }).next()).rejects.toMatchObject({
      status: 401,
    });
  });

  it('ends quietly with its signal, and says how it does until then', async () => {
    await setBadge('fay', 1);
    const states: string[] = [];
    const of = { ...service.app, user_id: 'fay', signal: leaving.signal };
    for await (const { badge } of client.streamBadge({ ...of, onState: (state) => states.push(state) })) {
      expect(badge).toBe(1);
      leaving.abort();
    }
    expect(states).toEqual(['connecting', 'open']);
  });
});
