/** Messages: sent, read and deleted by the app. Their content is echoed and never stored. */

import { limits, type MessagesPage, type Sender } from '@badged/core';
import Type, { type Static } from 'typebox';
import { getMessage, listMessages } from '../../service/message_reads.js';
import { deleteMessage, sendMessage } from '../../service/messages.js';
import { withResult } from '../../service/operation.js';
import { type Call, endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { ConversationId, MessageId, OwnId, UserId } from '../foundation/ids.js';
import { examples } from './examples/messages.js';
import { refusedWithExisting } from './existing_resource.js';
import { requestIdHeader, requestIdOf } from './request_id.js';
import {
  checkedNotification,
  knownParts,
  NotificationInput,
  type Parts,
  PartsInput,
} from './schemas/content.js';
import { Message, Messages, messageResponse, readableMessageResponse } from './schemas/message.js';
import { PageSize, pageOf } from './schemas/page.js';
import { parseSender, SenderInput } from './schemas/sender.js';

const tag = 'messages';
const url = '/apps/:app_uuid/conversations/:conversation_id/messages';

/** For the app and for a user alike. */
export const newMessage = {
  id: OwnId,
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
};

export const messagesQuery = {
  page_size: PageSize,
  from_id: Type.Optional(Type.String({ description: 'The id of the last message of the previous page.' })),
};

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
      sender: Type.Optional(SenderInput),
      sender_id: Type.Optional(UserId),
      ...newMessage,
    },
    headers: requestIdHeader,
    responses: { 201: Message },
    operation: (call, { sender, sender_id, ...message }) =>
      sending(call, parseSender(sender, sender_id), message),
    refused: refusedWithExisting('messages'),
  }),

  endpoint({
    name: 'list_messages',
    example: examples.list_messages,
    summary: 'List the messages of a conversation, newest first. Layer-Count is their number on all pages.',
    tag,
    method: 'GET',
    url,
    access: 'app',
    params: { conversation_id: ConversationId },
    query: messagesQuery,
    responses: { 200: Messages },
    run: async (call, { conversation_id, ...query }) =>
      messagesResponse(call, await listMessages(call.service, call.app, conversation_id, pageOf(query))),
  }),

  endpoint({
    name: 'get_message',
    example: examples.get_message,
    summary: 'Read a message: who sent it when, and who has read it. Its content is not stored.',
    tag,
    method: 'GET',
    url: `${url}/:message_id`,
    access: 'app',
    params: { conversation_id: ConversationId, message_id: MessageId },
    responses: { 200: Message },
    run: async (call, { conversation_id, message_id }) => {
      const found = { conversation: conversation_id, message: message_id };
      return respond(200, readableMessageResponse(call, await getMessage(call.service, call.app, found)));
    },
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

interface MessageInput {
  readonly conversation_id: string;
  readonly id?: string;
  readonly parts?: Parts;
  readonly notification?: Static<typeof NotificationInput>;
  readonly mentions?: readonly string[];
  readonly silent?: boolean;
}

export function sending(call: Call, sender: Sender, input: MessageInput) {
  const { conversation_id: conversation, id, mentions = [], silent = false } = input;
  const notification = checkedNotification(input.notification);
  const parts = knownParts(input.parts);
  const requestId = requestIdOf(call);
  const message = { id, requestId, conversation, sender, mentions, silent, parts, notification };
  return withResult(sendMessage(call.service, message), (view) =>
    respond(201, messageResponse(call, view, parts)),
  );
}

export function messagesResponse(call: Call, { total, messages }: MessagesPage) {
  const body = messages.map((view) => readableMessageResponse(call, view));
  return respond(200, body, { 'layer-count': `${total}` });
}
