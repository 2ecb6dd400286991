/** Ids and times, as they go in and out. */
import { limits } from '@badged/core';
import Type from 'typebox';

export const UserId = Type.String({
  description: `A user id: any text of 1 to ${limits.userIdBytes} bytes, or layer:///identities/ID with the id URL-encoded.`,
});
export const ConversationId = Type.String({
  description: 'The UUID of a conversation, or layer:///conversations/UUID.',
});
export const MessageId = Type.String({ description: 'The UUID of a message, or layer:///messages/UUID.' });
export const AnnouncementId = Type.String({
  description: 'The UUID of an announcement, or layer:///announcements/UUID.',
});

/** The id of what is about to be created. */
export const OwnId = Type.Optional(
  Type.String({
    description: 'A UUID of your own choice, or one as a URI: the same id again answers the same resource.',
  }),
);

export const Time = Type.String({ format: 'date-time', description: 'A time in UTC (ISO 8601).' });

export const Position = Type.Integer({
  minimum: 0,
  maximum: limits.position,
  description: `A message's place in its conversation: a whole number up to ${limits.position}.`,
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
