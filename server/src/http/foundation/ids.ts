/** The schemas of ids and times in requests and responses. */
import { limits } from '@badged/core';
import Type from 'typebox';

export const UserId = Type.String({
  description: `A user id: any text of 1 to ${limits.userIdBytes} bytes, or layer:///identities/ID with the id URL-encoded.`,
});
export const ConversationId = Type.String({
  description: `A conversation id: any text of 1 to ${limits.conversationIdBytes} bytes, or layer:///conversations/ID with the id URL-encoded.`,
});
export const MessageId = Type.String({ description: 'The UUID of a message, or layer:///messages/UUID.' });
export const AnnouncementId = Type.String({
  description: 'The UUID of an announcement, or layer:///announcements/UUID.',
});

/** The id of the resource that is created. */
export const OwnId = Type.Optional(
  Type.String({
    description: 'A UUID of your choice, or its URI. A retry with the same id returns the same resource.',
  }),
);

/** The id of a conversation that is created. */
export const OwnConversationId = Type.Optional(
  Type.String({
    description: `An id of your choice, such as room-42: any text of 1 to ${limits.conversationIdBytes} bytes. A retry with the same id returns the same conversation. Default: a new UUID.`,
  }),
);

export const Time = Type.String({ format: 'date-time', description: 'A time in UTC (ISO 8601).' });

export const Position = Type.Integer({
  minimum: 0,
  maximum: limits.position,
  description: `A message's position in its conversation: a whole number up to ${limits.position}.`,
});

export function isoTime(at: number): string {
  return new Date(at).toISOString();
}

/** A value of one type or null, in the form that is serialized without trying one after the other. */
export function nullableText(options: object): ReturnType<typeof Type.Unsafe<string | null>> {
  return Type.Unsafe<string | null>({ type: ['string', 'null'], ...options });
}

export function nullableInteger(options: object): ReturnType<typeof Type.Unsafe<number | null>> {
  return Type.Unsafe<number | null>({ type: ['integer', 'null'], ...options });
}

/**
 * An id as one segment of a URL. Clients remove the segments "." and ".." before they send a URL, also when they are
 * percent-encoded, so these two ids are written as URIs.
 */
export function pathSegment(kind: 'conversations' | 'identities', id: string): string {
  const isRemoved = id === '.' || id === '..';
  return encodeURIComponent(isRemoved ? `layer:///${kind}/${id}` : id);
}
