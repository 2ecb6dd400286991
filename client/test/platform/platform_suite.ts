// What the platformClient does against a service, in Node. The suite takes the service as an argument: it runs against
// a badge server, and against the double of this folder.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ApiClient,
  ApiError,
  BadgesApi,
  NotificationsApi,
  TokensApi,
  UsersApi,
} from '../../src/platform/index.js';
import type { PlatformService, StartPlatformService } from './platform_service.js';

const REDIRECT_URI = 'https://app.example.com/signed-in';

export function describePlatformClient(name: string, start: StartPlatformService): void {
  describe(`the platformClient against ${name}`, () => {
    let service: PlatformService;
    beforeAll(async () => {
      service = await start([REDIRECT_URI]);
    });
    afterAll(() => service.close());

    const signedIn = () => {
      const client = new ApiClient();
      client.setEnvironment(service.environment);
      client.setAccessToken(service.accessToken);
      return client;
    };

    describeBadges(signedIn, () => service);
    describeResponses(signedIn, () => service);
    describeNotifications(signedIn, () => service);
    describeClientCredentials(() => service);
    describePkce(() => service);
  });
}

function describeBadges(signedIn: () => ApiClient, service: () => PlatformService): void {
  it('lists the unread entities as the service knows them, newest first', async () => {
    const listing = await new BadgesApi(signedIn()).getBadgesChats();
    const shown = listing.entities.map(({ entity, unreadCount }) => ({
      jabberId: entity.jabberId,
      unreadCount,
    }));
    expect(shown.length).toBeGreaterThan(1);
    expect(shown).toEqual(await service().unread());
    expect(listing.total).toBe(shown.length);
  });

  it('walks all pages by their nextUri and finds each entity once', async () => {
    const client = signedIn();
    let listing = await new BadgesApi(client).getBadgesChats({ pageSize: 1, pageNumber: 1 });
    const found = listing.entities.map(({ entity }) => entity.jabberId);
    while (listing.nextUri !== undefined) {
      listing = await client.callApi(listing.nextUri, 'GET');
      found.push(...listing.entities.map(({ entity }) => entity.jabberId));
    }
    expect(found).toEqual((await service().unread()).map(({ jabberId }) => jabberId));
  });

  it('clears by a jabberId without a domain, too: that of a user of the app', async () => {
    const [local] = (await service().unread()).at(0)?.jabberId.split('@') ?? [];
    const { length } = await service().unread();
    expect(await new BadgesApi(signedIn()).deleteBadgesChat(local ?? '')).toBeUndefined();
    expect(await service().unread()).toHaveLength(length - 1);
  });

  it('clears every entity that the listing shows by its jabberId, whatever characters are in it', async () => {
    const badges = new BadgesApi(signedIn());
    for (const { entity } of (await badges.getBadgesChats()).entities) {
      const remaining = (await service().unread()).filter(({ jabberId }) => jabberId !== entity.jabberId);
      expect(await badges.deleteBadgesChat(entity.jabberId)).toBeUndefined();
      expect(await service().unread()).toEqual(remaining);
    }
    expect((await badges.getBadgesChats()).entities).toEqual([]);
  });

  it.each([
    ['a b', 400, 'bad.request'],
    ['a/b', 400, 'bad.request'],
    ['a@b@c', 400, 'bad.request'],
    ['nobody', 404, 'not.found'],
    ['nobody@elsewhere.example', 404, 'not.found'],
  ])('rejects the clearing of %j with %i', async (jabberId, status, code) => {
    const clearing = new BadgesApi(signedIn()).deleteBadgesChat(jabberId);
    await expect(clearing).rejects.toMatchObject({ status, code });
  });

  it.each(['', '.', '..'])('refuses to clear %j, which would be another endpoint', async (jabberId) => {
    const clearing = new BadgesApi(signedIn()).deleteBadgesChat(jabberId);
    await expect(clearing).rejects.toThrow(/Missing the required parameter|cannot be a path segment/);
  });

  it('knows who the token is of', async () => {
    const client = signedIn();
    expect((await new UsersApi(client).getUsersMe()).id).toBe(service().userId);
    expect((await new TokensApi(client).getTokensMe()).organization.id).toBeTruthy();
  });
}

function describeResponses(signedIn: () => ApiClient, service: () => PlatformService): void {
  it("rejects with the fields of the service's error", async () => {
    const failure = await new BadgesApi(signedIn()).getBadgesChats({ pageSize: 501 }).catch((error) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure).toMatchObject({
      status: 400,
      code: 'bad.request',
      body: { status: 400, code: 'bad.request' },
    });
    expect(failure.message).toBe(failure.body.message);
    expect(failure.headers['content-type']).toContain('application/json');
    expect(JSON.parse(JSON.stringify(failure)).message).toBe(failure.message);
  });

  it('rejects with a 401 without a token, and does not show the token that is refused', async () => {
    const client = signedIn();
    client.setAccessToken('not-a-good-token');
    const refused = await new TokensApi(client).getTokensMe().catch((error) => error);
    expect(refused).toMatchObject({ status: 401, code: 'authentication.required' });
    expect(refused.headers['www-authenticate']).toContain('Bearer');
    expect(JSON.stringify({ ...refused, message: refused.message })).not.toContain('not-a-good-token');
    client.clearAccessToken();
    await expect(new TokensApi(client).getTokensMe()).rejects.toMatchObject({ status: 401 });
  });

  it('resolves and rejects with extended responses when asked to', async () => {
    const client = signedIn();
    client.setReturnExtendedResponses(true);
    const tokens = new TokensApi(client);
    const answer: unknown = await tokens.getTokensMe();
    expect(answer).toMatchObject({ status: 200, statusText: 'OK', error: null, body: { organization: {} } });
    expect(answer).toHaveProperty('headers.content-type', expect.stringContaining('application/json'));
    expect(answer).toHaveProperty('text', expect.stringContaining('"organization"'));
    const failure = await new BadgesApi(client).getBadgesChats({ pageNumber: 0 }).catch((error) => error);
    expect(failure).toMatchObject({ status: 400, body: { code: 'bad.request' } });
    expect(failure.error).toBeInstanceOf(ApiError);
  });

  it('rejects with status 0 when nobody answers', async () => {
    const client = signedIn();
    client.setEnvironment('http://127.0.0.1:9');
    await expect(new TokensApi(client).getTokensMe()).rejects.toMatchObject({
      status: 0,
      code: 'network.error',
    });
  });

  it('sends no token where a call names no authentication', async () => {
    const call = signedIn().callApi('/api/v2/tokens/me', 'GET', null, null, null, null, null, []);
    await expect(call).rejects.toMatchObject({ status: 401 });
  });

  it('revokes its own token', async () => {
    const client = signedIn();
    const { id, secret } = service().confidentialClient;
    await client.loginClientCredentialsGrant(id, secret);
    await new TokensApi(client).deleteTokensMe();
    await expect(new TokensApi(client).getTokensMe()).rejects.toMatchObject({ status: 401 });
  });
}

function describeNotifications(signedIn: () => ApiClient, service: () => PlatformService): void {
  it('creates a channel, and adds, lists, replaces and removes its subscriptions', async () => {
    const notifications = new NotificationsApi(signedIn());
    const available = await notifications.getNotificationsAvailabletopics();
    expect(available.entities.map(({ id }) => id)).toContain('v2.users.{id}.badges.chats');
    const { id, connectUri } = await notifications.postNotificationsChannels();
    expect(connectUri).toMatch(/^wss?:/);
    expect((await notifications.getNotificationsChannels()).entities.map((channel) => channel.id)).toContain(
      id,
    );
    const topics = [{ id: `v2.users.${service().userId}.badges.chats` }];
    const listed = async () => (await notifications.getNotificationsChannelSubscriptions(id)).entities;
    await notifications.postNotificationsChannelSubscriptions(id, topics);
    expect(await listed()).toMatchObject(topics);
    await notifications.putNotificationsChannelSubscriptions(id, topics);
    expect(await listed()).toMatchObject(topics);
    await notifications.deleteNotificationsChannelSubscriptions(id);
    expect(await listed()).toEqual([]);
    const ofSomebodyElse = notifications.putNotificationsChannelSubscriptions(id, [
      { id: 'v2.users.somebody-else.badges.chats' },
    ]);
    await expect(ofSomebodyElse).rejects.toMatchObject({ status: 403 });
  });
}

function describeClientCredentials(service: () => PlatformService): void {
  it('logs in with client credentials', async () => {
    const client = new ApiClient();
    client.setEnvironment(service().environment);
    const { id, secret } = service().confidentialClient;
    const auth = await client.loginClientCredentialsGrant(id, secret);
    expect(auth.tokenExpiryTime).toBeGreaterThan(Date.now());
    expect(new Date(auth.tokenExpiryTimeString ?? '').getTime()).toBeGreaterThan(Date.now());
    expect((await new TokensApi(client).getTokensMe()).OAuthClient.id).toBe(id);
  });

  it('rejects with what the token endpoint says of a wrong secret', async () => {
    const client = new ApiClient();
    client.setEnvironment(service().environment);
    const login = client.loginClientCredentialsGrant(service().confidentialClient.id, 'wrong');
    await expect(login).rejects.toMatchObject({ status: 401, code: 'invalid_client' });
    expect(client.authData).toEqual({});
  });

  it('says that the logins by redirect are for browsers', async () => {
    await expect(new ApiClient().loginImplicitGrant('page', REDIRECT_URI)).rejects.toThrow(/browser/);
    await expect(new ApiClient().loginPKCEGrant('app', REDIRECT_URI)).rejects.toThrow(/browser/);
  });
}

function describePkce(service: () => PlatformService): void {
  const signInWithCode = async (client: ApiClient) => {
    client.setEnvironment(service().environment);
    const verifier = client.generatePKCECodeVerifier(64);
    const query = new URLSearchParams({
      client_id: service().pkceClientId,
      redirect_uri: REDIRECT_URI,
      response_type: 'code',
      state: 'a-state',
      code_challenge: await client.computePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
    });
    const end = await service().authorize(`${service().environment}/oauth/authorize?${query}`);
    const code = new URL(end).searchParams.get('code') ?? '';
    return { code, verifier };
  };

  it('exchanges a code with its verifier, once, and not with another', async () => {
    const client = new ApiClient();
    const app = service().pkceClientId;
    const stolen = await signInWithCode(client);
    const other = client.generatePKCECodeVerifier(64);
    const theft = client.authorizePKCEGrant(app, other, stolen.code, REDIRECT_URI);
    await expect(theft).rejects.toMatchObject({ status: 400, code: 'invalid_grant' });
    const { code, verifier } = await signInWithCode(client);
    const auth = await client.authorizePKCEGrant(app, verifier, code, REDIRECT_URI);
    expect(auth.refreshToken).toBeTruthy();
    expect((await new TokensApi(client).getTokensMe()).OAuthClient.id).toBe(app);
    const again = client.authorizePKCEGrant(app, verifier, code, REDIRECT_URI);
    await expect(again).rejects.toMatchObject({ code: 'invalid_grant' });
  });

  it('refreshes an expired token once, however many calls find it expired, and repeats them', async () => {
    const client = new ApiClient();
    const { code, verifier } = await signInWithCode(client);
    const before = await client.authorizePKCEGrant(service().pkceClientId, verifier, code, REDIRECT_URI);
    for (let round = 0; round < 3; round++) {
      const { accessToken = '' } = client.authData;
      await service().expire(accessToken);
      const tokens = new TokensApi(client);
      const answers = await Promise.all(Array.from({ length: 8 }, () => tokens.getTokensMe()));
      expect(answers).toHaveLength(8);
      expect(client.authData.accessToken).not.toBe(accessToken);
    }
    expect(client.authData.refreshToken).not.toBe(before.refreshToken);
  });

  it('is signed out when the refresh token was used by somebody else', async () => {
    const client = new ApiClient();
    const { code, verifier } = await signInWithCode(client);
    await client.authorizePKCEGrant(service().pkceClientId, verifier, code, REDIRECT_URI);
    const { accessToken = '', refreshToken = '' } = client.authData;
    const form = {
      grant_type: 'refresh_token',
      refresh_token: refreshToken,
      client_id: service().pkceClientId,
    };
    const theft = await fetch(`${service().environment}/oauth/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    });
    expect(theft.status).toBe(200);
    await service().expire(accessToken);
    await expect(new TokensApi(client).getTokensMe()).rejects.toMatchObject({ status: 401 });
    expect(client.authData).toEqual({});
  });
}
