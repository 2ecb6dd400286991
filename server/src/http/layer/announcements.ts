/** Announcements: to named users, or to all users of the app. */

import { limits, type Sender } from '@badged/core';
import Type, { type Static } from 'typebox';
import { announce } from '../../service/announcements.js';
import { resourceUri, userId } from '../../service/ids.js';
import { withResult } from '../../service/operation.js';
import { refuseInvalid, refuseMissing } from '../../service/refused.js';
import { endpoint, respond } from '../foundation/endpoint.js';
import { isoTime, OwnId, Time, UserId } from '../foundation/ids.js';
import { examples } from './examples/messages.js';
import { refusedWithExisting } from './existing_resource.js';
import { requestIdHeader, requestIdOf } from './request_id.js';
import {
  checkedNotification,
  knownParts,
  NotificationInput,
  PartsInput,
  PartsResponse,
} from './schemas/content.js';
import { SenderInput, SenderResponse, senderResponse } from './schemas/sender.js';

const Recipients = Type.Union(
  [Type.Array(UserId, { maxItems: limits.usersPerRequest }), Type.Literal('everyone')],
  { description: 'A list of user ids, or "everyone".' },
);

const Announcement = Type.Object(
  {
    id: Type.String({ format: 'uri' }),
    url: Type.String({ format: 'uri' }),
    sent_at: Time,
    recipients: Recipients,
    sender: SenderResponse,
    parts: PartsResponse,
  },
  { $id: 'Announcement' },
);

export const announcementEndpoints = [
  endpoint({
    name: 'create_announcement',
    example: examples.create_announcement,
    summary: 'Send an announcement to a list of users, or to everyone.',
    idempotency: 'request_id',
    tag: 'announcements',
    method: 'POST',
    url: '/apps/:app_uuid/announcements',
    access: 'app',
    batch: true,
    params: {},
    body: {
      id: OwnId,
      recipients: Recipients,
      sender: Type.Optional(SenderInput),
      sender_id: Type.Optional(UserId),
      parts: PartsInput,
      notification: NotificationInput,
    },
    headers: requestIdHeader,
    responses: { 202: Announcement },
    operation: (call, { id, recipients, sender, sender_id, ...rest }) => {
      const notification = checkedNotification(rest.notification);
      const parts = knownParts(rest.parts);
      const from = senderOf(sender, sender_id);
      const input = { id, requestId: requestIdOf(call), recipients, sender: from, parts, notification };
      return withResult(announce(call.service, input), (announced) =>
        respond(202, {
          id: resourceUri('announcements', announced.id),
          url: `${call.base}/apps/${call.app}/announcements/${announced.id}`,
          sent_at: isoTime(announced.sentAt),
          recipients: announced.recipients === 'everyone' ? announced.recipients : [...announced.recipients],
          sender: senderResponse(from),
          parts,
        }),
      );
    },
    refused: refusedWithExisting('announcements'),
  }),
];

/** A name, if there is one. Newer clients send sender_id, the id of a user, in its place: it is returned, and takes no part in counting. */
function senderOf(sender: Static<typeof SenderInput> | undefined, senderId: string | undefined): Sender {
  const { user_id = null, name = null } = sender ?? {};
  if (user_id !== null)
    refuseInvalid('sender.user_id', 'An announcement is from no participant. Send sender.name instead.');
  if (name !== null) return { name };
  if (senderId !== undefined) return { userId: userId(senderId, 'sender_id') };
  const property = sender === undefined ? 'sender' : 'sender.name';
  return refuseMissing(property, `${property} is missing. Send {"name": "…"} as sender.`);
}
