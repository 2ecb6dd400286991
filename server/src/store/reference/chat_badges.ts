/** Chat badges, in the reference: every conversation's counted messages, grouped by person or room. */
import type { ChatBadge, ChatEntity } from '@badged/core';
import { countedMessages, placesOf } from './queries.js';
import type { AppState, Conversation } from './state.js';

export function chatBadges(state: AppState, user: string, now: number): ChatBadge[] {
  const found = placesOf(state, user).flatMap(({ conversation, participant }) => {
    const counted = countedMessages(conversation, participant, now);
    // The newest message of a conversation is the one with the highest position, whatever the clocks said.
    const newest = counted.at(-1);
    return newest === undefined
      ? []
      : [{ entity: entityOf(conversation, user), count: counted.length, at: newest.sentAt }];
  });
  const keys = [...new Set(found.map(({ entity }) => keyOf(entity)))].sort();
  const badges = keys.flatMap((key) => {
    const of = found.filter(({ entity }) => keyOf(entity) === key);
    return of.slice(0, 1).map(({ entity }) => ({
      entity,
      unreadCount: of.reduce((total, { count }) => total + count, 0),
      newestUnreadAt: Math.max(...of.map(({ at }) => at)),
    }));
  });
  return badges.sort((a, b) => b.newestUnreadAt - a.newestUnreadAt);
}

export function conversationsWith(state: AppState, user: string, entity: ChatEntity): string[] {
  const places = placesOf(state, user).map(({ conversation }) => conversation);
  const matching = places.filter((conversation) =>
    entity.type === 'group'
      ? conversation.id === entity.conversation
      : keyOf(entityOf(conversation, user)) === keyOf(entity),
  );
  return matching.map(({ id }) => id);
}

function entityOf({ id, participants }: Conversation, user: string): ChatEntity {
  const other = participants.find((each) => each.user !== user);
  return other !== undefined && participants.length === 2
    ? { type: 'person', user: other.user }
    : { type: 'group', conversation: id };
}

function keyOf(entity: ChatEntity): string {
  return entity.type === 'person' ? `person ${entity.user}` : `room ${entity.conversation}`;
}
