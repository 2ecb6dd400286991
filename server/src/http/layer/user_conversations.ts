/** Conversations of one participant: listed, read and marked unread. */

import { limits } from '@badged/core';
import Type from 'typebox';
import {
  deleteConversation,
  getUserConversation,
  leaveConversation,
  listParticipants,
  listUserConversations,
} from '../../service/conversations.js';
import { userId } from '../../service/ids.js';
import { execute, withResult } from '../../service/operation.js';
import { markAllRead, markUnread, setNotifications } from '../../service/reading.js';
import { refuseInvalid } from '../../service/refused.js';
import { endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { ConversationId, Position, UserId } from '../foundation/ids.js';
import { examples } from './examples/conversations.js';
import { DeletionMode, Level, UserConversation, userConversationResponse } from './schemas/conversation.js';
import { PageSize, pageOf } from './schemas/page.js';
import { Participants, participantsQuery, participantsResponse } from './schemas/participants.js';
import { unknownUserOf } from './unknown_user.js';

const tag = 'conversations of a user';
const url = '/apps/:app_uuid/users/:user_id/conversations';
const params = { user_id: UserId, conversation_id: ConversationId };

const deleteForAll =
  'Only a token of the app may delete a conversation for all participants. Send leave=true or mode=my_devices.';

export const userConversationEndpoints = [
  endpoint({
    name: 'list_user_conversations',
    example: examples.list_user_conversations,
    summary: "List a user's conversations, newest first. Layer-Count is their number on all pages.",
    tag,
    method: 'GET',
    url,
    access: 'user',
    params: { user_id: UserId },
    query: {
      sort_by: Type.Optional(
        Type.Unsafe<'created_at' | 'last_message'>({
          type: 'string',
          enum: ['created_at', 'last_message'],
          description: 'created_at or last_message.',
        }),
      ),
      unread: Type.Optional(
        Type.Boolean({ description: 'true lists only conversations with unread messages.' }),
      ),
      page_size: PageSize,
      from_id: Type.Optional(
        Type.String({ description: 'The id of the last conversation of the previous page.' }),
      ),
    },
    responses: { 200: Type.Array(UserConversation) },
    run: async (
      call,
      { user_id, sort_by = 'created_at', unread = false, page_size = limits.pageSize, from_id },
    ) => {
      const query = { sortBy: sort_by, unreadOnly: unread, limit: page_size, fromId: from_id };
      const user = userId(user_id, 'user_id');
      const unknownUser = unknownUserOf(call);
      const { total, conversations } = await listUserConversations(
        call.service,
        call.app,
        user,
        query,
        unknownUser,
      );
      const body = conversations.map((view) => userConversationResponse(call, user, view));
      return respond(200, body, { 'layer-count': `${total}` });
    },
  }),

  endpoint({
    name: 'get_user_conversation',
    example: examples.get_user_conversation,
    summary: 'Read a conversation with the unread counts and settings of one participant.',
    tag,
    method: 'GET',
    url: `${url}/:conversation_id`,
    access: 'user',
    params,
    responses: { 200: UserConversation },
    run: async (call, { user_id, conversation_id }) => {
      const user = userId(user_id, 'user_id');
      const view = await getUserConversation(call.service, call.app, user, conversation_id);
      return respond(200, userConversationResponse(call, user, view));
    },
  }),

  endpoint({
    name: 'list_user_conversation_participants',
    example: examples.list_user_conversation_participants,
    summary:
      'List the participants of a conversation that the user takes part in. Layer-Count is their number on all pages.',
    tag,
    method: 'GET',
    url: `${url}/:conversation_id/participants`,
    access: 'user',
    params,
    query: participantsQuery,
    responses: { 200: Participants },
    run: async (call, { user_id, conversation_id, ...query }) => {
      const page = { ...pageOf(query), user: user_id };
      return participantsResponse(await listParticipants(call.service, call.app, conversation_id, page));
    },
  }),

  endpoint({
    name: 'delete_user_conversation',
    summary:
      'Take the user out of a conversation (leave=true), mark everything in it as read for them (mode=my_devices), or delete it for all participants.',
    tag,
    method: 'DELETE',
    url: `${url}/:conversation_id`,
    access: 'user',
    params,
    query: {
      mode: DeletionMode,
      leave: Type.Optional(
        Type.Boolean({ description: 'true: the user is no participant any more. Otherwise false.' }),
      ),
    },
    responses: { 204: NoContent },
    run: async (call, { user_id, conversation_id, mode, leave = false }) => {
      const { service, app } = call;
      if (leave) await leaveConversation(service, app, user_id, conversation_id);
      else if (mode === 'my_devices')
        await execute(service, app, markAllRead(user_id, conversation_id, undefined));
      else if (call.user === '') await execute(service, app, deleteConversation(conversation_id));
      else refuseInvalid('mode', deleteForAll);
      return noContent;
    },
  }),

  endpoint({
    name: 'mark_all_read',
    example: examples.mark_all_read,
    summary: 'Mark messages as read, up to a position or to the last message.',
    idempotency: 'natural',
    tag,
    method: 'POST',
    url: `${url}/:conversation_id/mark_all_read`,
    access: 'user',
    batch: true,
    params,
    body: { position: Type.Optional(Position) },
    responses: { 204: NoContent },
    operation: (_call, { user_id, conversation_id, position }) =>
      withResult(markAllRead(user_id, conversation_id, position), () => noContent),
  }),

  endpoint({
    name: 'mark_unread',
    example: examples.mark_unread,
    summary: 'Mark all messages from a position on as unread.',
    idempotency: 'natural',
    tag,
    method: 'POST',
    url: `${url}/:conversation_id/mark_unread`,
    access: 'user',
    batch: true,
    params,
    body: { position: Position },
    responses: { 204: NoContent },
    operation: (_call, { user_id, conversation_id, position }) =>
      withResult(markUnread(user_id, conversation_id, position), () => noContent),
  }),

  endpoint({
    name: 'set_notifications',
    example: examples.set_notifications,
    summary: 'Set which messages of a conversation count in the badge and are pushed.',
    tag,
    method: 'PUT',
    url: `${url}/:conversation_id/notifications`,
    access: 'user',
    batch: true,
    params,
    body: {
      level: Level,
      muted_until: Type.Optional(
        Type.Union([Type.String(), Type.Null()], { description: 'An ISO 8601 time with a zone, or null.' }),
      ),
    },
    responses: { 204: NoContent },
    operation: (_call, { user_id, conversation_id, level, muted_until: mutedUntil = null }) =>
      withResult(setNotifications(user_id, conversation_id, { level, mutedUntil }), () => noContent),
  }),
];
