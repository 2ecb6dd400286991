/** The content of messages and announcements: parts, which are echoed and never stored, and a notification. */
import { limits } from '@badged/core';
import Type, { type Static } from 'typebox';
import { refuseInvalid } from '../../../service/refused.js';

const Part = Type.Object(
  {
    body: Type.String({ description: 'The content, as text.' }),
    mime_type: Type.String({
      minLength: 1,
      description: 'The media type of the content, such as text/plain.',
    }),
    encoding: Type.Optional(Type.String({ description: 'The encoding of the content, such as base64.' })),
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

/** The parts with these fields only. */
export function knownParts(parts: Parts | undefined): Parts {
  return (parts ?? []).map(({ body, mime_type, encoding }) => ({
    body,
    mime_type,
    ...(encoding === undefined ? {} : { encoding }),
  }));
}

const text = Type.Optional(Type.String({ description: 'A string.' }));
const texts = Type.Optional(
  Type.Array(Type.String(), { maxItems: limits.textArguments, description: 'A list of strings.' }),
);
const object = Type.Optional(Type.Object({}, { additionalProperties: true, description: 'An object.' }));
const sayings = { title: text, text, sound: text };

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
      Type.Array(
        Type.Object(
          { user_id: Type.String({ description: 'A user id.' }), ...sayings },
          { $id: 'NotificationRecipient' },
        ),
        {
          maxItems: limits.ownTextsPerNotification,
          description: 'A list of {"user_id": "…"}, each with its own texts.',
        },
      ),
    ),
  },
  {
    $id: 'NotificationContent',
    description:
      'An object: the texts and the sound of the push. It has no badge, since the service computes that.',
  },
);
export const NotificationInput = Type.Optional(RequiredNotification);

/** Refuses a badge in a notification: the service itself computes the number for each device. */
export function refuseBadges(notification: Static<typeof NotificationInput> | undefined): void {
  if (notification === undefined) return;
  refuseBadgesAt(notification, 'notification');
  const { recipients = [] } = notification;
  for (const [index, recipient] of recipients.entries())
    refuseBadgesAt(recipient, `notification.recipients.${index}`);
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
