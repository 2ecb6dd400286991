/** Notifications: pushes to named users, with the badge and without a message. */

import { limits } from '@badged/core';
import Type from 'typebox';
import { resourceUri } from '../../service/ids.js';
import { notify } from '../../service/notifications.js';
import { endpoint, respond } from '../foundation/endpoint.js';
import { OwnId, UserId } from '../foundation/ids.js';
import { examples } from './examples/messages.js';
import { requestIdHeader, requestIdOf } from './request_id.js';
import { checkedNotification, RequiredNotification } from './schemas/content.js';

const SentNotification = Type.Object(
  { id: Type.String({ format: 'uri' }), recipients: Type.Array(Type.String()) },
  { $id: 'SentNotification' },
);

export const notificationEndpoints = [
  endpoint({
    name: 'create_notification',
    example: examples.create_notification,
    summary: 'Push a notification to a list of users, with their badges.',
    idempotency: 'request_id',
    tag: 'notifications',
    method: 'POST',
    url: '/apps/:app_uuid/notifications',
    access: 'app',
    batch: true,
    params: {},
    body: {
      id: OwnId,
      recipients: Type.Array(UserId, {
        maxItems: limits.usersPerRequest,
        description: 'A list of user ids.',
      }),
      notification: RequiredNotification,
    },
    headers: requestIdHeader,
    responses: { 202: SentNotification },
    run: async (call, { id, recipients, notification }) => {
      const input = {
        id,
        requestId: requestIdOf(call),
        recipients,
        notification: checkedNotification(notification),
      };
      const sent = await notify(call.service, call.app, input);
      const body = { id: resourceUri('notifications', sent.id), recipients: [...sent.recipients] };
      return respond(202, body);
    },
  }),
];
