/** How long a channel lives: as long as the login it was opened with, and a day at most. */
import { createHash, randomUUID } from 'node:crypto';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApp } from '../../src/service/apps.js';
import { findChannel, openChannel, type UserBearer } from '../../src/service/channels.js';
import { createClient, type OAuthClient, updateClient } from '../../src/service/oauth/clients.js';
import {
  authenticateAccess,
  issueAccess,
  issueCode,
  redeemCode,
  refresh,
} from '../../src/service/oauth/grants.js';
import { openService, type Service } from '../../src/service/service.js';
import { sqliteUnderTest } from '../store/sqlite_under_test.js';

const hour = 3_600_000;
const redirectUri = 'https://pages.example/';
let service: Service;
let client: OAuthClient;
let clock: { now: number };
let dispose: () => Promise<void>;

beforeEach(async () => {
  const opened = await sqliteUnderTest();
  dispose = opened.dispose;
  clock = { now: Date.parse('2030-01-01T00:00:00Z') };
  service = await openService(opened.store, { now: () => clock.now, newId: randomUUID });
  const { app } = await createApp(service, { name: 'app' });
  const grantTypes = ['authorization_code', 'refresh_token', 'implicit'] as const;
  client = (await createClient(service, app.id, { name: 'c', grantTypes, redirectUris: [redirectUri] }))
    .client;
});
afterEach(() => dispose());

async function login() {
  const verifier = 'v'.repeat(43);
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  const code = await issueCode(service, client, { user: 'ann', redirectUri, challenge });
  return redeemCode(service, client, { code, redirectUri, verifier });
}

async function bearerOf(accessToken: string): Promise<UserBearer> {
  const bearer = await authenticateAccess(service, accessToken);
  if (bearer?.user === undefined) throw new Error('the token is not good');
  return { ...bearer, user: bearer.user };
}

const isOpen = async (id: string) => (await findChannel(service, client.app, id)) !== undefined;

test('it outlives the access token where the login is refreshed, and ends after a day', async () => {
  const first = await login();
  const channel = await openChannel(service, await bearerOf(first.accessToken));
  clock.now += 2 * hour;
  expect(await authenticateAccess(service, first.accessToken)).toBeUndefined();
  await refresh(service, client, first.refreshToken ?? '');
  expect(await isOpen(channel.id)).toBe(true);
  clock.now += 22 * hour;
  expect(await isOpen(channel.id)).toBe(false);
});

test('a refresh token that is used twice ends it with the login', async () => {
  const first = await login();
  const other = await openChannel(service, await bearerOf((await login()).accessToken));
  const channel = await openChannel(service, await bearerOf(first.accessToken));
  const second = await refresh(service, client, first.refreshToken ?? '');
  expect(await isOpen(channel.id)).toBe(true);
  await expect(refresh(service, client, first.refreshToken ?? '')).rejects.toThrow('was already used');
  expect([await isOpen(channel.id), await isOpen(other.id)]).toEqual([false, true]);
  expect(await authenticateAccess(service, second.accessToken)).toBeUndefined();
});

test('it ends when the client that opened it is given another user', async () => {
  const fields = { name: 'machine', grantTypes: ['client_credentials'] as const, user: 'ann' };
  const { client: machine } = await createClient(service, client.app, fields);
  const { accessToken } = await issueAccess(service, machine, null);
  const channel = await openChannel(service, await bearerOf(accessToken));
  expect(await isOpen(channel.id)).toBe(true);
  await updateClient(service, client.app, machine.id, { user: 'bob' });
  expect(await isOpen(channel.id)).toBe(false);
});

test('without a refresh token, it ends with its access token', async () => {
  const { accessToken } = await issueAccess(service, client, 'ann');
  clock.now += hour;
  const channel = await openChannel(service, await bearerOf(accessToken));
  expect(channel.expiresAt).toBe(clock.now + 23 * hour);
  clock.now += 23 * hour;
  expect(await isOpen(channel.id)).toBe(false);
});
