/**
 * Chat badges: a user's counted messages, grouped by entity. For conversations of exactly two participants the entity
 * is the other person, and all such conversations with that person are one entity. Any other conversation is a room.
 * The counts are the badgeCounts of the conversations, so their sum is the user's unreadMessageCount.
 */
import type { ChatEntity } from '../../jid.js';
import { limits } from '../../limits.js';
import * as ranges from '../../ranges.js';
import { isAcknowledged } from '../../read_state.js';
import type { ChatBadge } from '../../view.js';
import type { DecisionContext } from '../decide/decision.js';
import { isNeeds, type Need, type Needs, needs } from '../facts.js';
import { lastUpTo } from '../messages.js';
import type { AppState } from '../state.js';
import { badgeCount } from './counts.js';

/** Newest message first. Those with the same time are in the order of their keys, in every store. */
export function chatBadges(context: DecisionContext, user: number, now: number): ChatBadge[] | Needs {
  const { state } = context;
  const badges = new Map<string, ChatBadge>();
  const lookBack = new LookBack(context);
  for (const row of state.participations.ofUser(user)) {
    const count = badgeCount(state, row, now);
    if (count === 0) continue;
    const entity = entityOf(state, row);
    const before = badges.get(keyOf(entity));
    badges.set(keyOf(entity), {
      entity,
      unreadCount: (before?.unreadCount ?? 0) + count,
      newestUnreadAt: Math.max(before?.newestUnreadAt ?? 0, lookBack.newestCountedAt(row)),
    });
  }
  if (lookBack.needs.length > 0) return needs(...lookBack.needs);
  return [...badges]
    .sort(([a, one], [b, other]) => other.newestUnreadAt - one.newestUnreadAt || (a < b ? -1 : 1))
    .map(([, badge]) => badge);
}

/**
 * The conversations that the entity stands for, in no order; empty if the user has no such entity.
 * A room is also found by its own name while it has only two participants: it may have been listed before.
 */
export function conversationsWith(state: AppState, user: number, entity: ChatEntity): string[] {
  const { conversations, participations } = state;
  if (entity.type === 'group') {
    const conversation = conversations.number(entity.conversation);
    return participations.find(conversation, user) === 0 ? [] : [entity.conversation];
  }
  return [...participations.ofUser(user)]
    .filter((row) => otherOf(state, row) === entity.user)
    .map((row) => conversations.id(participations.conversation.get(row)));
}

function entityOf(state: AppState, row: number): ChatEntity {
  const user = otherOf(state, row);
  if (user !== undefined) return { type: 'person', user };
  return {
    type: 'group',
    conversation: state.conversations.id(state.participations.conversation.get(row)),
  };
}

/** The other one of exactly two participants. */
function otherOf({ conversations, participations, users }: AppState, row: number): string | undefined {
  const conversation = participations.conversation.get(row);
  if (conversations.participants.get(conversation) !== 2) return undefined;
  for (const other of participations.ofConversation(conversation)) {
    if (other !== row) return users.id(participations.user.get(other));
  }
  return undefined;
}

function keyOf(entity: ChatEntity): string {
  return entity.type === 'person' ? `person ${entity.user}` : `room ${entity.conversation}`;
}

/**
 * When the newest counted messages were sent. This is usually the last message, whose time is in the state; otherwise
 * the log is read. If the message is too far back in the log, the time of the last message is the estimate.
 */
class LookBack {
  readonly needs: Need[] = [];
  readonly #context: DecisionContext;
  #left: number = limits.chatBadgeMessages;

  constructor(context: DecisionContext) {
    this.#context = context;
  }

  newestCountedAt(row: number): number {
    const { state } = this.#context;
    const { conversations, participations } = state;
    const conversation = participations.conversation.get(row);
    const lastAt = conversations.lastAt.get(conversation);
    const position = newestCounted(state, row);
    if (position === conversations.head.get(conversation)) return lastAt;
    const last = conversations.last(conversation);
    if (last?.position === position) return last.at;
    const distance = (last?.position ?? 0) - position;
    if (distance > this.#left) return lastAt;
    this.#left -= distance;
    return (
      this.#context.facts.sentAt(conversation, position) ?? this.#loggedAt(conversation, position) ?? lastAt
    );
  }

  #loggedAt(conversation: number, position: number): number | undefined {
    const landing = lastUpTo(this.#context, conversation, position);
    if (isNeeds(landing)) this.needs.push(...landing.needs);
    else if (landing?.message.position === position) return landing.message.at;
    return undefined;
  }
}

/** There is one, since the count is not 0. */
function newestCounted({ conversations, participations }: AppState, row: number): number {
  const conversation = participations.conversation.get(row);
  const uncounted = conversations.uncounted(conversation);
  const read = participations.read(row);
  if (participations.level(row) === 'mentions') {
    const isOpen = (at: number) => !isAcknowledged(read, at) && !ranges.contains(uncounted, at);
    return participations.mentions(row).findLast(isOpen) ?? 0;
  }
  const head = conversations.head.get(conversation);
  return ranges.lastInNeither(read.ranges, uncounted, head);
}
