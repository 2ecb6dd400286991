/**
 * Notification channels, which a client opens to receive a user's badge changes. A channel lasts a day at most, and not
 * longer than the login that opened it. Its WebSocket has a secret URL, which is derived from its id and therefore
 * not stored.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import Type, { type Static } from 'typebox';
import type { AccessDependency } from './oauth/access_changes.js';
import { type Bearer, isBearerValid } from './oauth/grants.js';
import { lifetimes } from './oauth/lifetimes.js';
import { collection } from './oauth/record_collection.js';
import { refuseNotFound } from './refused.js';
import type { Service } from './service.js';

const Nullable = Type.Union([Type.String(), Type.Null()]);
const Value = Type.Object({
  user: Type.String(),
  client: Nullable,
  /** The credential that opened it. The channel ends with it. */
  token: Type.String(),
  grant: Nullable,
  topics: Type.Array(Type.String()),
});
const channels = collection('channel', Value);

/** The vendor's limit: channels of one user with one client. */
export const channelsPerUserAndClient = 20;

export interface Channel extends Readonly<Static<typeof Value>> {
  readonly id: string;
  readonly app: string;
  readonly expiresAt: number;
}

export type UserBearer = Bearer & { readonly user: string };

/** The only topic of a user. */
export function topicOf(user: string): string {
  return `v2.users.${user}.badges.chats`;
}

/** Beyond the limit, the oldest channel is deleted. */
export async function openChannel(service: Service, bearer: UserBearer): Promise<Channel> {
  const { app, user, client = null, token, grant } = bearer;
  const owner = ownerOf(bearer);
  const open = await channels.list(service, app, owner);
  const surplus = open.slice(0, Math.max(0, open.length - channelsPerUserAndClient + 1));
  for (const oldest of surplus) await channels.take(service, app, oldest.id);
  const day = service.now() + lifetimes.channel;
  const expiresAt = grant === null ? Math.min(day, bearer.expiresAt) : day;
  const value = { user, client, token, grant, topics: [] };
  const id = service.newId();
  await channels.insert(service, app, { id, owner, value, expiresAt });
  for (const deleted of surplus) service.oauth.changes.emit({ app, kind: 'channel', id: deleted.id });
  return { ...value, id, app, expiresAt };
}

/** Oldest first. */
export async function listChannels(service: Service, bearer: UserBearer): Promise<Channel[]> {
  const kept = await channels.list(service, bearer.app, ownerOf(bearer));
  return kept.map(({ id, value, expiresAt }) => ({
    ...value,
    id,
    app: bearer.app,
    expiresAt: expiresAt ?? 0,
  }));
}

/** A channel of the caller's own. Another user's is not found. */
export async function ownChannel(service: Service, bearer: UserBearer, id: string): Promise<Channel> {
  const channel = await findChannel(service, bearer.app, id);
  if (channel === undefined || ownerOf(channel) !== ownerOf(bearer)) refuseNotFound('This channel');
  return channel;
}

export async function setTopics(
  service: Service,
  channel: Channel,
  topics: readonly string[],
): Promise<void> {
  const { id, app, expiresAt, ...value } = channel;
  const changed = { id, owner: ownerOf(channel), value: { ...value, topics: [...topics] }, expiresAt };
  if (!(await channels.update(service, app, changed))) refuseNotFound('This channel');
}

/** Undefined once it expired, was deleted, or its credential was revoked. */
export async function findChannel(service: Service, app: string, id: string): Promise<Channel | undefined> {
  const kept = await channels.get(service, app, id);
  if (kept === undefined) return undefined;
  const { client, token, grant, user } = kept.value;
  const bearer = { app, client: client ?? undefined, token, grant, user };
  if (!(await isBearerValid(service, bearer))) return undefined;
  return { ...kept.value, id, app, expiresAt: kept.expiresAt ?? 0 };
}

/** What its access depends on. */
export function dependenciesOf({ id, client, token, grant }: Channel): readonly AccessDependency[] {
  const channel = { kind: 'channel', id } as const;
  // A user token of the main API cannot be revoked.
  if (client === null) return [channel];
  const login =
    grant === null ? { kind: 'token' as const, id: token } : { kind: 'grant' as const, id: grant };
  return [channel, { kind: 'client', id: client }, login];
}

/** The part of its URL that cannot be guessed. */
export function channelSecret(service: Service, { app, id }: Pick<Channel, 'app' | 'id'>): string {
  return createHmac('sha256', service.oauth.keys.channels).update(`${app} ${id}`).digest('base64url');
}

export function isChannelSecret(
  service: Service,
  channel: Pick<Channel, 'app' | 'id'>,
  given: string,
): boolean {
  const [expected, actual] = [Buffer.from(channelSecret(service, channel)), Buffer.from(given)];
  return expected.length === actual.length && timingSafeEqual(expected, actual);
}

function ownerOf({ user, client }: { readonly user: string; readonly client?: string | null | undefined }) {
  return JSON.stringify([user, client ?? null]);
}
