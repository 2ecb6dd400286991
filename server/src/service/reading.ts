/** Operations of a participant on a whole conversation: mark it read or unread, set its notifications. */
import type { NotificationLevel } from '@badged/core';
import { conversationId, userId } from './ids.js';
import { done, type Operation } from './operation.js';
import { refuseInvalid } from './refused.js';

/** @param position - Everything up to it is read; undefined for everything. */
export function markAllRead(
  user: string,
  conversation: string,
  position: number | undefined,
): Operation<'mark_all_read', void> {
  const upTo = position === undefined ? {} : { position };
  return {
    command: {
      type: 'mark_all_read',
      user: userId(user, 'user_id'),
      conversations: [{ conversation: conversationId(conversation, 'conversation_id'), ...upTo }],
    },
    result: done,
  };
}

/** @param position - The first message that counts again. */
export function markUnread(
  user: string,
  conversation: string,
  position: number,
): Operation<'mark_unread', void> {
  return {
    command: {
      type: 'mark_unread',
      user: userId(user, 'user_id'),
      conversation: conversationId(conversation, 'conversation_id'),
      position,
    },
    result: done,
  };
}

/** @param mutedUntil - An ISO 8601 time with a zone, or null for not muted. */
export function setNotifications(
  user: string,
  conversation: string,
  { level, mutedUntil }: { readonly level: NotificationLevel; readonly mutedUntil: string | null },
): Operation<'set_notifications', void> {
  return {
    command: {
      type: 'set_notifications',
      user: userId(user, 'user_id'),
      conversation: conversationId(conversation, 'conversation_id'),
      level,
      mutedUntil: mutedUntil === null ? null : time(mutedUntil, 'muted_until'),
    },
    result: done,
  };
}

/** A date without a zone would depend on the machine's time zone. */
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

function time(text: string, property: string): number {
  const at = isoTime.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) {
    const message = `${property} must be an ISO 8601 time with a zone, such as 2030-01-01T00:00:00Z.`;
    refuseInvalid(property, message);
  }
  return at;
}
