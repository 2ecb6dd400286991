/**
 * A badge as it is told in snapshots: alone, or with the user's unread list. Both are read at one moment, so that
 * the badge is the sum over exactly the conversations that are told with it.
 */
import { type ExplainedConversation, limits } from '@badged/core';
import { type Badge, readBadge, withNumber } from './badges.js';
import { userId } from './ids.js';
import { found } from './refused.js';
import type { Service } from './service.js';

export interface BadgeSnapshot {
  readonly badge: Badge;
  /** Undefined where it was not asked for. */
  readonly unread: UnreadList | undefined;
}

export interface UnreadList {
  /** Newest message first, as many as the limit allows. */
  readonly conversations: readonly ExplainedConversation[];
  readonly hasMore: boolean;
}

export async function readSnapshot(
  service: Service,
  app: string,
  user: string,
  { conversations }: { readonly conversations: boolean },
): Promise<BadgeSnapshot> {
  if (!conversations) return { badge: await readBadge(service, app, user), unread: undefined };
  const explanation = await service.store.ask(app, {
    type: 'explanation',
    user: userId(user, 'user_id'),
    now: service.now(),
  });
  const { badge, conversations: all } = found(explanation, 'This user');
  const unread = {
    conversations: all.slice(0, limits.unreadListConversations),
    hasMore: all.length > limits.unreadListConversations,
  };
  return { badge: withNumber(badge), unread };
}
