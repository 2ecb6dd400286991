/** The content of messages and announcements: parts, which are echoed and never stored, and a notification. */
import { limits } from '@badged/core';
import Type, { type Static } from 'typebox';
import type { Notification } from '../../../service/notifications.js';
import { refuseInvalid, refuseMissing } from '../../../service/refused.js';

const Part = Type.Object(
  {
    body: Type.Optional(Type.String({ description: 'The content, as text.' })),
    mime_type: Type.String({
      minLength: 1,
      description: 'The media type of the content, such as text/plain.',
    }),
    encoding: Type.Optional(Type.String({ description: 'The encoding of the content, such as base64.' })),
    content: Type.Optional(
      Type.Object(
        {},
        {
          additionalProperties: true,
          description: 'Content that is stored elsewhere, in place of body: an object of your own.',
        },
      ),
    ),
  },
  { $id: 'Part', description: 'One part of a message. It is passed on and not stored.' },
);

/** Optional: parts are only echoed, never stored. */
export const PartsInput = Type.Optional(
  Type.Array(Part, {
    minItems: 1,
    maxItems: limits.partsPerMessage,
    description:
      'A list of at least one part, {"body": "…", "mime_type": "…"}. It is returned, and not stored.',
  }),
);
export const PartsResponse = Type.Array(Part, {
  description: 'The parts of the request; empty if it had none.',
});
export type Parts = Static<typeof PartsResponse>;

/** The parts with these fields only. Each needs a body, or content that is stored elsewhere. */
export function knownParts(parts: Parts | undefined): Parts {
  return (parts ?? []).map(({ body, mime_type, encoding, content }, index) => {
    if (body === undefined && content === undefined)
      refuseMissing(`parts.${index}.body`, `parts.${index}.body is missing. Send a string.`);
    return {
      ...(body !== undefined && { body }),
      mime_type,
      ...(encoding !== undefined && { encoding }),
      ...(content !== undefined && { content }),
    };
  });
}

const text = Type.Optional(Type.String({ description: 'A string.' }));
const texts = Type.Optional(
  Type.Array(Type.String(), { maxItems: limits.textArguments, description: 'A list of strings.' }),
);
const object = Type.Optional(Type.Object({}, { additionalProperties: true, description: 'An object.' }));
const sayings = { title: text, text, sound: text };

const most = limits.ownTextsPerNotification;
const OwnTexts = Type.Array(
  Type.Object(
    { user_id: Type.String({ description: 'A user id.' }), ...sayings },
    { $id: 'NotificationRecipient' },
  ),
  { maxItems: most },
);
/** As clients of version 1.0 write it. */
const OwnTextsByUser = Type.Record(Type.String(), Type.Object(sayings, { $id: 'NotificationTexts' }), {
  maxProperties: most,
});

export const RequiredNotification = Type.Object(
  {
    ...sayings,
    category: text,
    'title-loc-key': text,
    'title-loc-args': texts,
    'loc-key': text,
    'loc-args': texts,
    apns: object,
    data: object,
    recipients: Type.Optional(
      Type.Union([OwnTexts, OwnTextsByUser], {
        description:
          'A list of {"user_id": "…"}, each with its own texts; or an object of such texts by user id.',
      }),
    ),
  },
  {
    $id: 'NotificationContent',
    description:
      'An object: the texts and the sound of the push. It has no badge, since the service computes that.',
  },
);
export const NotificationInput = Type.Optional(RequiredNotification);

/**
 * The notification with its recipients as a list. Refuses a badge in it: the service itself computes the number for each
 * device.
 */
export function checkedNotification(given: Static<typeof RequiredNotification>): Notification;
export function checkedNotification(
  given: Static<typeof NotificationInput> | undefined,
): Notification | undefined;
export function checkedNotification(
  given: Static<typeof NotificationInput> | undefined,
): Notification | undefined {
  if (given === undefined) return undefined;
  refuseBadgesAt(given, 'notification');
  const { recipients = [], ...rest } = given;
  const isList = Array.isArray(recipients);
  for (const [key, recipient] of Object.entries(recipients))
    refuseBadgesAt(recipient, `notification.recipients.${key}`);
  const list = isList
    ? recipients
    : Object.entries(recipients).map(([user_id, texts]) => ({ ...texts, user_id }));
  return { ...rest, ...(given.recipients !== undefined && { recipients: list }) };
}

const badgePaths = [['badge'], ['apns', 'badge'], ['apns', 'aps', 'badge']];

function refuseBadgesAt(value: object, property: string): void {
  for (const path of badgePaths) {
    if (!reaches(value, path)) continue;
    const at = [property, ...path].join('.');
    refuseInvalid(at, `${at} may not be set: the service computes every badge. Leave it out.`);
  }
}

function reaches(value: unknown, [key, ...rest]: readonly string[]): boolean {
  if (key === undefined) return true;
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.hasOwn(value, key) &&
    reaches(Reflect.get(value, key), rest)
  );
}
