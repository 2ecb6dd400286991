/**
 * A badge as it is in a response or an event: alone, or with the user's unread list. Both are read at one moment, so
 * that the badge is the sum over exactly the conversations that come with it.
 */
import { type ExplainedConversation, limits } from '@badged/core';
import { type Badge, readBadge, type UnknownUser, withNumber } from './badges.js';
import { readExplanation } from './explain.js';
import type { Service } from './service.js';

export interface BadgeSnapshot {
  readonly badge: Badge;
  /** Undefined if it was not requested. */
  readonly unread: UnreadList | undefined;
}

export interface UnreadList {
  /** Newest message first, as many as the limit allows. */
  readonly conversations: readonly ExplainedConversation[];
  readonly hasMore: boolean;
}

export function readSnapshot(
  service: Service,
  app: string,
  user: string,
  options: { readonly conversations: boolean; readonly unknownUser: UnknownUser },
): Promise<BadgeSnapshot> {
  const { conversations, unknownUser } = options;
  return conversations
    ? readWithList(service, app, user, unknownUser)
    : readBadge(service, app, user, unknownUser).then((badge) => ({ badge, unread: undefined }));
}

async function readWithList(
  service: Service,
  app: string,
  user: string,
  unknownUser: UnknownUser,
): Promise<BadgeSnapshot> {
  const limit = limits.unreadListConversations;
  const explanation = await readExplanation(service, app, user, { unknownUser, limit });
  const unread = {
    conversations: explanation.conversations,
    hasMore: explanation.more.conversationCount > 0,
  };
  return { badge: withNumber(explanation.badge), unread };
}
