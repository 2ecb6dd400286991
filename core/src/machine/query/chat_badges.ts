/**
 * Chat badges: a user's counted messages by whom they came from. Where exactly two people take part in a
 * conversation that is the other one, with all such conversations together; otherwise it is the room. The
 * counts are those that the badge is made of (badgeCount), so their sum is the user's unreadMessageCount.
 */
import type { ChatEntity } from '../../jid.js';
import { limits } from '../../limits.js';
import * as ranges from '../../ranges.js';
import { isAcknowledged } from '../../read_state.js';
import type { ChatBadge } from '../../view.js';
import type { Known } from '../decide/decision.js';
import { messagesFrom } from '../messages.js';
import type { AppState } from '../state.js';
import { badgeCount } from './counts.js';

/** Newest message first; at the same time in the order of their keys, as in every store. */
export function chatBadges(known: Known, user: number, now: number): ChatBadge[] {
  const { state } = known;
  const badges = new Map<string, ChatBadge>();
  const steps = { left: limits.lookBackMessages };
  for (const row of state.participations.ofUser(user)) {
    const count = badgeCount(state, row, now);
    if (count === 0) continue;
    const entity = entityOf(state, row);
    const before = badges.get(keyOf(entity));
    badges.set(keyOf(entity), {
      entity,
      unreadCount: (before?.unreadCount ?? 0) + count,
      newestUnreadAt: Math.max(before?.newestUnreadAt ?? 0, newestCountedAt(known, row, steps)),
    });
  }
  return [...badges]
    .sort(([a, one], [b, other]) => other.newestUnreadAt - one.newestUnreadAt || (a < b ? -1 : 1))
    .map(([, badge]) => badge);
}

/**
 * The conversations that the entity stands for, in no order; none if it is no entity of the user's.
 * A room is found by its own name also while only two people are in it: it may have been listed before.
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
 * Mostly that is the message at the head, whose time is at hand; the log is asked only where it is not. Where that
 * would take long, the time of the last message does: nobody else is served meanwhile.
 */
function newestCountedAt(known: Known, row: number, steps: { left: number }): number {
  const { conversations, participations } = known.state;
  const conversation = participations.conversation.get(row);
  const position = newestCounted(known.state, row);
  if (position === conversations.head.get(conversation)) return conversations.lastAt.get(conversation);
  for (const message of messagesFrom(known, conversation, position)) {
    if (message.position === position) return message.at;
    steps.left -= 1;
    if (steps.left <= 0) break;
  }
  return conversations.lastAt.get(conversation);
}

/** There is one, since the count is not 0. */
function newestCounted({ conversations, participations }: AppState, row: number): number {
  const conversation = participations.conversation.get(row);
  const voids = conversations.voids(conversation);
  const read = participations.read(row);
  if (participations.level(row) === 'mentions') {
    const isOpen = (at: number) => !isAcknowledged(read, at) && !ranges.contains(voids, at);
    return participations.mentions(row).findLast(isOpen) ?? 0;
  }
  const head = conversations.head.get(conversation);
  return ranges.lastInNeither(read.ranges, voids, head);
}
