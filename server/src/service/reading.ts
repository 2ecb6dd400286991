/** What a participant does with a whole conversation: reads it, marks it unread, mutes it. */
import type { NotificationLevel } from '@badged/core';
import { conversationId, userId } from './ids.js';
import { refuseInvalid } from './refused.js';
import { execute, type Service } from './service.js';

export async function markAllRead(
  service: Service,
  app: string,
  user: string,
  conversation: string,
  position: number | undefined,
): Promise<void> {
  const upTo = position === undefined ? {} : { position };
  const conversations = [{ conversation: conversationId(conversation, 'conversation_id'), ...upTo }];
  const reader = userId(user, 'user_id');
  await execute<'mark_all_read'>(service, app, { type: 'mark_all_read', user: reader, conversations });
}

export async function markUnread(
  service: Service,
  app: string,
  user: string,
  conversation: string,
  position: number,
): Promise<void> {
  const id = conversationId(conversation, 'conversation_id');
  const reader = userId(user, 'user_id');
  await execute<'mark_unread'>(service, app, {
    type: 'mark_unread',
    user: reader,
    conversation: id,
    position,
  });
}

export async function setNotifications(
  service: Service,
  app: string,
  user: string,
  conversation: string,
  { level, mutedUntil }: { level: NotificationLevel; mutedUntil: string | null },
): Promise<void> {
  await execute<'set_notifications'>(service, app, {
    type: 'set_notifications',
    user: userId(user, 'user_id'),
    conversation: conversationId(conversation, 'conversation_id'),
    level,
    mutedUntil: mutedUntil === null ? null : time(mutedUntil, 'muted_until'),
  });
}

/** A date without a zone would mean another moment on another machine. */
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/;

function time(text: string, property: string): number {
  const at = isoTime.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at))
    refuseInvalid(
      property,
      `${property} must be an ISO 8601 time with a zone, such as 2030-01-01T00:00:00Z.`,
    );
  return at;
}
