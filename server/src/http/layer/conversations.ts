/** Conversations: the operations of the app's backend. */

import { limits } from '@badged/core';
import Type from 'typebox';
import {
  changeConversation,
  createConversation,
  deleteConversation,
  getConversation,
  listParticipants,
} from '../../service/conversations.js';
import { withResult } from '../../service/operation.js';
import { endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { ConversationId, OwnConversationId, UserId } from '../foundation/ids.js';
import { examples } from './examples/conversations.js';
import { refusedWithExisting } from './existing_resource.js';
import { requestIdHeader, requestIdOf } from './request_id.js';
import { Conversation, conversationResponse, MetadataInput } from './schemas/conversation.js';
import { pageOf } from './schemas/page.js';
import { Participants, participantsQuery, participantsResponse } from './schemas/participants.js';
import { Patch } from './schemas/patch.js';

const tag = 'conversations';
const url = '/apps/:app_uuid/conversations';

export const conversationEndpoints = [
  endpoint({
    name: 'create_conversation',
    example: examples.create_conversation,
    summary: 'Create a conversation, or return the existing distinct conversation of these participants.',
    idempotency: 'request_id',
    tag,
    method: 'POST',
    url,
    access: 'app',
    batch: true,
    params: {},
    body: {
      id: OwnConversationId,
      participants: Type.Array(UserId, {
        maxItems: limits.usersPerRequest,
        description: 'A list of user ids.',
      }),
      distinct: Type.Optional(
        Type.Boolean({
          description: 'true or false: whether these participants have at most one distinct conversation.',
        }),
      ),
      metadata: Type.Optional(MetadataInput),
    },
    headers: requestIdHeader,
    responses: { 200: Conversation, 201: Conversation },
    operation: (call, { id, participants, distinct = false, metadata }) => {
      const input = { id, requestId: requestIdOf(call), participants, distinct, metadata };
      return withResult(createConversation(call.service, input), ({ existed, conversation }) => {
        const body = conversationResponse(call, conversation);
        return existed ? respond(200, body, { location: body.url }) : respond(201, body);
      });
    },
    refused: refusedWithExisting('conversations'),
  }),

  endpoint({
    name: 'get_conversation',
    example: examples.get_conversation,
    summary: 'Read a conversation.',
    tag,
    method: 'GET',
    url: `${url}/:conversation_id`,
    access: 'app',
    params: { conversation_id: ConversationId },
    responses: { 200: Conversation },
    run: async (call, { conversation_id }) => {
      const conversation = await getConversation(call.service, call.app, conversation_id);
      return respond(200, conversationResponse(call, conversation));
    },
  }),

  endpoint({
    name: 'list_participants',
    example: examples.list_participants,
    summary: 'List the participants of a conversation. Layer-Count is their number on all pages.',
    tag,
    method: 'GET',
    url: `${url}/:conversation_id/participants`,
    access: 'app',
    params: { conversation_id: ConversationId },
    query: participantsQuery,
    responses: { 200: Participants },
    run: async (call, { conversation_id, ...query }) =>
      participantsResponse(await listParticipants(call.service, call.app, conversation_id, pageOf(query))),
  }),

  endpoint({
    name: 'change_conversation',
    example: examples.change_conversation,
    summary: 'Change the participants and the metadata of a conversation.',
    idempotency: 'natural',
    tag,
    method: 'PATCH',
    url: `${url}/:conversation_id`,
    access: 'app',
    batch: true,
    params: { conversation_id: ConversationId },
    body: { operations: Patch },
    bodyIs: 'operations',
    responses: { 204: NoContent },
    operation: (_call, { conversation_id, operations }) =>
      withResult(changeConversation(conversation_id, operations), () => noContent),
  }),

  endpoint({
    name: 'delete_conversation',
    summary: 'Delete a conversation for all participants.',
    tag,
    method: 'DELETE',
    url: `${url}/:conversation_id`,
    access: 'app',
    batch: true,
    params: { conversation_id: ConversationId },
    responses: { 204: NoContent },
    operation: (_call, { conversation_id }) =>
      withResult(deleteConversation(conversation_id), () => noContent),
  }),
];
