/** Receipts, mark all read, mark unread, and how loud a conversation is for a participant. */
import type { Command } from '../../command.js';
import { limits } from '../../limits.js';
import * as ranges from '../../ranges.js';
import { isAcknowledged, markUnreadFrom, sameReadState } from '../../read_state.js';
import { invalid, notFound } from '../../refusal.js';
import type { MarkedUnread } from '../event.js';
import { findMessage, messagesFrom } from '../messages.js';
import type { AppState } from '../state.js';
import { type Decision, done, type Known } from './decision.js';

export function readMessage(known: Known, command: Command<'read_message'>): Decision<'read_message'> {
  const target = receiptTarget(known, command);
  if (target === undefined) return { refusal: notFound('The message') };
  const { row, user, conversation, position } = target;
  if (isAcknowledged(known.state.participations.read(row), position)) return done(null);
  return done({ type: 'read', user, read: [[conversation, position, position]] });
}

export function deliverMessage(
  known: Known,
  command: Command<'deliver_message'>,
): Decision<'deliver_message'> {
  return receiptTarget(known, command) === undefined ? { refusal: notFound('The message') } : done(null);
}

export function markAllRead({ state }: Known, command: Command<'mark_all_read'>): Decision<'mark_all_read'> {
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
 * What the user sent, or somebody they had blocked then, stays uncounted: a read state does not remember which
 * positions those were once its cursor has passed them, so the log is asked. It walks back from the head to
 * the position, which people set near the head.
 */
export function markUnread(known: Known, command: Command<'mark_unread'>): Decision<'mark_unread'> {
  const { state } = known;
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
  const event = unreadEvent(known, conversation, user, from);
  const before = state.participations.read(row);
  const after = markUnreadFrom(before, from, state.participations.joined.get(row), event.except);
  return done(sameReadState(before, after) ? null : event);
}

export function setNotifications(
  { state }: Known,
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

function unreadEvent(known: Known, conversation: number, user: number, from: number): MarkedUnread {
  const except: number[] = [];
  const mentions: number[] = [];
  for (const message of messagesFrom(known, conversation, from)) {
    if (message.sender === user || message.hidden?.includes(user)) except.push(message.position);
    if (message.mentions?.includes(user)) mentions.push(message.position);
  }
  return { type: 'unread', user, conversation, from, except: ranges.fromPositions(except), mentions };
}

function receiptTarget(
  known: Known,
  command: { readonly user: string; readonly message: string },
):
  | { readonly row: number; readonly user: number; readonly conversation: number; readonly position: number }
  | undefined {
  const found = findMessage(known, command.message);
  if (found === undefined) return undefined;
  const user = known.state.users.number(command.user);
  const row = known.state.participations.find(found.conversation, user);
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
