/** Announcements: to named users, or to all users of the app. */

import { limits } from '@badged/core';
import Type from 'typebox';
import { announce } from '../../service/announcements.js';
import { resourceUri } from '../../service/ids.js';
import { withResult } from '../../service/operation.js';
import { refuseInvalid, refuseMissing } from '../../service/refused.js';
import { endpoint, respond } from '../foundation/endpoint.js';
import { isoTime, OwnId, Time, UserId } from '../foundation/ids.js';
import { examples } from './examples/messages.js';
import { refusedWithExisting } from './existing_resource.js';
import { requestIdHeader, requestIdOf } from './request_id.js';
import { knownParts, NotificationInput, PartsInput, PartsResponse, refuseBadges } from './schemas/content.js';
import { SenderInput, SenderResponse } from './schemas/sender.js';

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
      sender: SenderInput,
      parts: PartsInput,
      notification: NotificationInput,
    },
    headers: requestIdHeader,
    responses: { 202: Announcement },
    operation: (call, { id, recipients, sender, notification, ...rest }) => {
      refuseBadges(notification);
      const parts = knownParts(rest.parts);
      const senderName = systemName(sender);
      const input = { id, requestId: requestIdOf(call), recipients, senderName, parts, notification };
      return withResult(announce(call.service, input), (announced) =>
        respond(202, {
          id: resourceUri('announcements', announced.id),
          url: `${call.base}/apps/${call.app}/announcements/${announced.id}`,
          sent_at: isoTime(announced.sentAt),
          recipients: announced.recipients === 'everyone' ? announced.recipients : [...announced.recipients],
          sender: { user_id: null, name: senderName },
          parts,
        }),
      );
    },
    refused: refusedWithExisting('announcements'),
  }),
];

/** Announcements come from the system, never from a user. */
function systemName({
  user_id = null,
  name = null,
}: {
  user_id?: string | null;
  name?: string | null;
}): string {
  if (user_id !== null)
    refuseInvalid('sender.user_id', 'An announcement is from no user. Send sender.name instead.');
  return name ?? refuseMissing('sender.name', 'sender.name is missing. Send the name of the sender.');
}
