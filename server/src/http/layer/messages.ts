/** Messages: sent and deleted. Their content is echoed and never stored. */

import { limits, type MessageView } from '@badged/core';
import Type, { type Static } from 'typebox';
import { resourceUri } from '../../service/ids.js';
import { deleteMessage, sendMessage } from '../../service/messages.js';
import { withResult } from '../../service/operation.js';
import { type Call, endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { ConversationId, isoTime, MessageId, OwnId, Time, UserId } from '../foundation/ids.js';
import { examples } from './examples/messages.js';
import { refusedWithExisting } from './existing_resource.js';
import { requestIdHeader, requestIdOf } from './request_id.js';
import {
  knownParts,
  NotificationInput,
  type Parts,
  PartsInput,
  PartsResponse,
  refuseBadges,
} from './schemas/content.js';
import { conversationUrl } from './schemas/conversation.js';
import { parseSender, SenderInput, SenderResponse, senderResponse } from './schemas/sender.js';

const tag = 'messages';
const url = '/apps/:app_uuid/conversations/:conversation_id/messages';

const Message = Type.Object(
  {
    id: Type.String({ format: 'uri' }),
    url: Type.String({ format: 'uri' }),
    position: Type.Integer({
      description: "The message's position in its conversation, counted from 1 without gaps.",
    }),
    conversation: Type.Object(
      { id: Type.String({ format: 'uri' }), url: Type.String({ format: 'uri' }) },
      { $id: 'ConversationLink' },
    ),
    parts: PartsResponse,
    sent_at: Time,
    sender: SenderResponse,
    recipient_status: Type.Optional(
      Type.Unsafe<Readonly<Record<string, 'sent' | 'read'>>>({
        type: 'object',
        description: 'By user id. Absent in large conversations.',
        additionalProperties: { type: 'string', enum: ['sent', 'read'] },
      }),
    ),
  },
  { $id: 'Message', description: 'A message.' },
);

export const messageEndpoints = [
  endpoint({
    name: 'send_message',
    example: examples.send_message,
    summary: 'Send a message to a conversation.',
    idempotency: 'request_id',
    tag,
    method: 'POST',
    url,
    access: 'app',
    batch: true,
    params: { conversation_id: ConversationId },
    body: {
      id: OwnId,
      sender: Type.Optional(SenderInput),
      sender_id: Type.Optional(UserId),
      parts: PartsInput,
      notification: NotificationInput,
      mentions: Type.Optional(
        Type.Array(UserId, {
          maxItems: limits.mentionsPerMessage,
          description: 'A list of user ids of participants.',
        }),
      ),
      silent: Type.Optional(
        Type.Boolean({
          description: 'true or false: whether the message is silent, so that it counts for no user.',
        }),
      ),
    },
    headers: requestIdHeader,
    responses: { 201: Message },
    operation: (
      call,
      { conversation_id, id, sender, sender_id, notification, mentions = [], silent = false, ...rest },
    ) => {
      refuseBadges(notification);
      const parts = knownParts(rest.parts);
      const sending = sendMessage(call.service, {
        id,
        requestId: requestIdOf(call),
        conversation: conversation_id,
        sender: parseSender(sender, sender_id),
        mentions,
        silent,
        parts,
        notification,
      });
      return withResult(sending, (view) => respond(201, messageResponse(call, view, parts)));
    },
    refused: refusedWithExisting('messages'),
  }),

  endpoint({
    name: 'delete_message',
    summary: 'Delete a message for all participants.',
    tag,
    method: 'DELETE',
    url: `${url}/:message_id`,
    access: 'app',
    batch: true,
    params: { conversation_id: ConversationId, message_id: MessageId },
    responses: { 204: NoContent },
    operation: (_call, { conversation_id, message_id }) =>
      withResult(deleteMessage(conversation_id, message_id), () => noContent),
  }),
];

function messageResponse(call: Call, view: MessageView, parts: Parts): Static<typeof Message> {
  const url = conversationUrl(call, view.conversation);
  return {
    id: resourceUri('messages', view.id),
    url: `${url}/messages/${view.id}`,
    position: view.position,
    conversation: { id: resourceUri('conversations', view.conversation), url },
    parts,
    sent_at: isoTime(view.sentAt),
    sender: senderResponse(view.sender),
    ...(view.recipientStatus === null ? {} : { recipient_status: view.recipientStatus }),
  };
}
