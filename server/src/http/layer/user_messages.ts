/** Messages of one participant: sent by them, read and removed. */
import { getMessage, listMessages } from '../../service/message_reads.js';
import { deleteMessage, receiveMessage } from '../../service/messages.js';
import { execute } from '../../service/operation.js';
import { endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { ConversationId, MessageId, UserId } from '../foundation/ids.js';
import { examples } from './examples/messages.js';
import { refusedWithExisting } from './existing_resource.js';
import { messagesQuery, messagesResponse, newMessage, sending } from './messages.js';
import { requestIdHeader } from './request_id.js';
import { DeletionMode } from './schemas/conversation.js';
import { Message, Messages, readableMessageResponse } from './schemas/message.js';
import { pageOf } from './schemas/page.js';

const tag = 'messages of a user';
const userUrl = '/apps/:app_uuid/users/:user_id';
const url = `${userUrl}/conversations/:conversation_id/messages`;
const inConversation = { user_id: UserId, conversation_id: ConversationId };

export const userMessageEndpoints = [
  endpoint({
    name: 'send_user_message',
    example: examples.send_user_message,
    summary: 'Send a message to a conversation as this user, a participant.',
    idempotency: 'request_id',
    tag,
    method: 'POST',
    url,
    access: 'app',
    params: inConversation,
    body: newMessage,
    headers: requestIdHeader,
    responses: { 201: Message },
    operation: (call, { user_id, ...message }) => sending(call, { userId: user_id }, message),
    refused: refusedWithExisting('messages'),
  }),

  endpoint({
    name: 'list_user_messages',
    example: examples.list_user_messages,
    summary:
      'List the messages of a conversation since the user joined, newest first. Layer-Count is their number on all pages.',
    tag,
    method: 'GET',
    url,
    access: 'user',
    params: inConversation,
    query: messagesQuery,
    responses: { 200: Messages },
    run: async (call, { user_id, conversation_id, ...query }) => {
      const page = { ...pageOf(query), user: user_id };
      return messagesResponse(call, await listMessages(call.service, call.app, conversation_id, page));
    },
  }),

  endpoint({
    name: 'get_user_message',
    example: examples.get_user_message,
    summary: 'Read a message of a conversation that the user takes part in.',
    tag,
    method: 'GET',
    url: `${userUrl}/messages/:message_id`,
    access: 'user',
    params: { user_id: UserId, message_id: MessageId },
    responses: { 200: Message },
    run: async (call, { user_id, message_id }) => {
      const view = await getMessage(call.service, call.app, { message: message_id, user: user_id });
      return respond(200, readableMessageResponse(call, view));
    },
  }),

  endpoint({
    name: 'get_user_conversation_message',
    example: examples.get_user_conversation_message,
    summary: 'Read a message of this conversation, which the user takes part in.',
    tag,
    method: 'GET',
    url: `${url}/:message_id`,
    access: 'user',
    params: { ...inConversation, message_id: MessageId },
    responses: { 200: Message },
    run: async (call, { user_id, conversation_id, message_id }) => {
      const found = { message: message_id, conversation: conversation_id, user: user_id };
      return respond(200, readableMessageResponse(call, await getMessage(call.service, call.app, found)));
    },
  }),

  endpoint({
    name: 'delete_user_message',
    summary: 'Delete a message for all participants; with mode=my_devices, mark it as read for this user.',
    tag,
    method: 'DELETE',
    url: `${userUrl}/messages/:message_id`,
    access: 'app',
    params: { user_id: UserId, message_id: MessageId },
    query: {
      mode: DeletionMode,
    },
    responses: { 204: NoContent },
    run: async (call, { user_id, message_id, mode }) => {
      const { service, app } = call;
      if (mode === 'my_devices') await execute(service, app, receiveMessage(user_id, message_id, 'read'));
      else {
        const { conversation } = await getMessage(service, app, { message: message_id, user: user_id });
        await execute(service, app, deleteMessage(conversation, message_id));
      }
      return noContent;
    },
  }),
];
