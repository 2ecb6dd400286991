/** Receipts, mark all read, mark unread, and a participant's notification level and mute. */
import type { Command } from '../../command.js';
import { limits } from '../../limits.js';
import * as ranges from '../../ranges.js';
import { isAcknowledged, markUnreadFrom, sameReadState } from '../../read_state.js';
import { invalid, notFound, type Refusal } from '../../refusal.js';
import type { MarkedUnread, MessageSent } from '../event.js';
import { isNeeds, type Needs } from '../facts.js';
import { findMessage, messagesFrom } from '../messages.js';
import type { AppState } from '../state.js';
import { type Decision, type DecisionContext, done } from './decision.js';

export function readMessage(
  context: DecisionContext,
  command: Command<'read_message'>,
): Decision<'read_message'> {
  const target = receiptTarget(context, command);
  if (isNeeds(target)) return target;
  if (target === undefined) return { refusal: notFound('The message') };
  const { row, user, conversation, position } = target;
  if (isAcknowledged(context.state.participations.read(row), position)) return done(null);
  return done({ type: 'read', user, read: [[conversation, position, position]] });
}

export function deliverMessage(
  context: DecisionContext,
  command: Command<'deliver_message'>,
): Decision<'deliver_message'> {
  const target = receiptTarget(context, command);
  if (isNeeds(target)) return target;
  return target === undefined ? { refusal: notFound('The message') } : done(null);
}

export function markAllRead(
  { state }: DecisionContext,
  command: Command<'mark_all_read'>,
): Decision<'mark_all_read'> {
  const user = state.users.number(command.user);
  const read: [number, number, number][] = [];
  for (const wanted of command.conversations) {
    const { conversation, row } = participation(state, user, wanted.conversation);
    if (row === 0) return { refusal: notFound('The conversation') };
    const head = state.conversations.head.get(conversation);
    const { position = head } = wanted;
    if (!Number.isInteger(position) || position < 0 || position > head)
      return { refusal: badPosition(0, head) };
    const { cursor } = state.participations.read(row);
    if (position > cursor) read.push([conversation, cursor + 1, position]);
  }
  return done(read.length === 0 ? null : { type: 'read', user, read });
}

/**
 * Two sorts of messages stay read when a user marks messages unread: the user's own, and those of senders the user
 * had blocked when they were sent. Once the cursor has passed a position, the read state no longer says which sort it
 * was. So this reads the log, from the head back to the position, which is usually near the head.
 */
export function markUnread(
  context: DecisionContext,
  command: Command<'mark_unread'>,
): Decision<'mark_unread'> {
  const { state } = context;
  const user = state.users.number(command.user);
  const { conversation, row } = participation(state, user, command.conversation);
  if (row === 0) return { refusal: notFound('The conversation') };
  const head = state.conversations.head.get(conversation);
  const from = command.position;
  if (!Number.isInteger(from) || from < 1 || from > head) return { refusal: badPosition(1, head) };
  if (head - from >= limits.markUnreadMessages) {
    const message = `Mark unread reaches back ${limits.markUnreadMessages} messages, to position ${head - limits.markUnreadMessages + 1}.`;
    return { refusal: invalid('position', message) };
  }
  const joined = state.participations.joined.get(row);
  // What was sent before they joined never counts.
  const found = messagesFrom(context, conversation, Math.max(from, joined + 1));
  if (isNeeds(found)) return found;
  if (found.isCut) return { refusal: dropped(found.messages.at(-1)?.position) };
  const event = unreadEvent(found.messages, conversation, user, from);
  const before = state.participations.read(row);
  const after = markUnreadFrom(before, from, joined, event.except);
  return done(sameReadState(before, after) ? null : event);
}

export function setNotifications(
  { state }: DecisionContext,
  command: Command<'set_notifications'>,
): Decision<'set_notifications'> {
  const user = state.users.number(command.user);
  const { conversation, row } = participation(state, user, command.conversation);
  if (row === 0) return { refusal: notFound('The conversation') };
  const { level, mutedUntil } = command;
  const same =
    state.participations.level(row) === level && state.participations.mutedUntil(row) === mutedUntil;
  return done(same ? null : { type: 'notifications', user, conversation, level, mutedUntil });
}

/** `oldest` is the position of the oldest message that the log still has; undefined if it has none. */
function dropped(oldest: number | undefined): Refusal {
  const kept =
    oldest === undefined
      ? 'No message of this conversation is kept any more, so none can be marked unread.'
      : `Older messages are not kept: mark unread reaches back to position ${oldest}.`;
  return invalid('position', kept);
}

function unreadEvent(
  messages: readonly MessageSent[],
  conversation: number,
  user: number,
  from: number,
): MarkedUnread {
  const except: number[] = [];
  const mentions: number[] = [];
  for (const message of messages) {
    if (message.sender === user || message.hidden?.includes(user)) except.push(message.position);
    if (message.mentions?.includes(user)) mentions.push(message.position);
  }
  return { type: 'unread', user, conversation, from, except: ranges.fromPositions(except), mentions };
}

function receiptTarget(
  context: DecisionContext,
  command: { readonly user: string; readonly message: string },
):
  | { readonly row: number; readonly user: number; readonly conversation: number; readonly position: number }
  | Needs
  | undefined {
  const found = findMessage(context, command.message);
  if (isNeeds(found)) return found;
  if (found === undefined) return undefined;
  const user = context.state.users.number(command.user);
  const row = context.state.participations.find(found.conversation, user);
  return row === 0 ? undefined : { row, user, conversation: found.conversation, position: found.position };
}

/** The row is 0 where the conversation does not exist (any more) or the user takes no part in it. */
function participation(state: AppState, user: number, id: string): { conversation: number; row: number } {
  const conversation = state.conversations.number(id);
  const row = user === 0 || conversation === 0 ? 0 : state.participations.find(conversation, user);
  return { conversation, row };
}

function badPosition(least: number, head: number) {
  return invalid(
    'position',
    `A position here is an integer from ${least} to ${head}, the conversation's last message.`,
  );
}
