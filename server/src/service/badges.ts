/** Badges and their external counts. */
import { badge, limits } from '@badged/core';
import type { UserBadge } from '../store/port.js';
import { userId, userIds } from './ids.js';
import { checkedName } from './names.js';
import { done, type Operation } from './operation.js';
import { orNotFound, refuseInvalid } from './refused.js';
import type { Service } from './service.js';

export interface Badge extends UserBadge {
  /** The number in a push; null if badges are disabled. */
  readonly badge: number | null;
}

/**
 * What a read returns for a user whom the app has not named yet. For the app, the user does not exist. The user's own
 * valid token proves that they do, and nothing is unread for them.
 */
export type UnknownUser = 'not_found' | 'zero';

export async function readBadge(
  service: Service,
  app: string,
  user: string,
  unknownUser: UnknownUser = 'not_found',
): Promise<Badge> {
  const query = { type: 'badge', user: userId(user, 'user_id'), now: service.now() } as const;
  const counts = await service.store.ask(app, query);
  if (counts === undefined && unknownUser === 'zero') return withNumber(await zeroBadge(service, app));
  return withNumber(orNotFound(counts, 'This user'));
}

/** The badge of a user for whom nothing was ever counted. */
export async function zeroBadge(service: Service, app: string): Promise<UserBadge> {
  const { settings } = orNotFound(await service.store.apps.get(app), 'The app');
  return {
    unreadMessageCount: 0,
    unreadConversationCount: 0,
    unreadAnnouncementCount: 0,
    externalUnreadCount: 0,
    external: {},
    settings,
  };
}

/** The badges of several users, each at one moment. Undefined for users whom the app has not named. */
export async function readBadges(
  service: Service,
  app: string,
  users: readonly string[],
): Promise<readonly (readonly [user: string, badge: Badge | undefined])[]> {
  checkBatch(users.length, 'user_ids');
  const ids = userIds(users, 'user_ids');
  const badges = await service.store.ask(app, { type: 'badges', users: ids, now: service.now() });
  return ids.map((id, index) => {
    const counts = badges[index];
    return [id, counts === undefined ? undefined : withNumber(counts)];
  });
}

/** The name '' is the unnamed count; a count of null removes the name. */
export interface ExternalCount {
  readonly user: string;
  readonly name: string;
  readonly count: number | null;
}

export function setExternal({ user, name, count }: ExternalCount): Operation<'set_external', void> {
  if (name !== '') checkedName(name, 'name', limits.nameBytes);
  const counts = [{ user: userId(user, 'user_id'), name, count }];
  return { command: { type: 'set_external', counts }, result: done };
}

/** Sets the unnamed count of several users, of all or of none. */
export function setExternals(
  users: readonly (readonly [user: string, count: number])[],
): Operation<'set_external', void> {
  checkBatch(users.length, 'users');
  const counts = users.map(([user, count]) => ({ user: userId(user, 'users'), name: '', count }));
  return { command: { type: 'set_external', counts }, result: done };
}

function checkBatch(size: number, property: string): void {
  if (size > limits.batchOperations) {
    refuseInvalid(property, `${property} may hold ${limits.batchOperations} users. Send several requests.`);
  }
}

export function withNumber(counts: UserBadge): Badge {
  return { ...counts, badge: badge(counts, counts.settings) };
}
