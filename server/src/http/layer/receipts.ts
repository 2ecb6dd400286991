/** Receipts of messages and announcements: by the app for a user, or by the user's own client. */

import Type from 'typebox';
import { receiveAnnouncement } from '../../service/announcements.js';
import { type ReceiptType, receiveMessage } from '../../service/messages.js';
import { withResult } from '../../service/operation.js';
import { endpoint, NoContent, noContent } from '../foundation/endpoint.js';
import { AnnouncementId, MessageId, UserId } from '../foundation/ids.js';
import { examples } from './examples/messages.js';

const tag = 'receipts';
const responses = { 204: NoContent };
const body = {
  type: Type.Unsafe<ReceiptType>({
    type: 'string',
    enum: ['read', 'delivery'],
    description: '"read", or "delivery", which changes no count.',
  }),
};

export const receiptEndpoints = [
  endpoint({
    name: 'create_message_receipt',
    example: examples.create_message_receipt,
    summary: 'Record that a user read or received a message.',
    idempotency: 'natural',
    tag,
    method: 'POST',
    url: '/apps/:app_uuid/users/:user_id/messages/:message_id/receipts',
    access: 'user',
    batch: true,
    params: { user_id: UserId, message_id: MessageId },
    body,
    responses,
    operation: (_call, { user_id, message_id, type }) =>
      withResult(receiveMessage(user_id, message_id, type), () => noContent),
  }),

  endpoint({
    name: 'create_own_message_receipt',
    example: examples.create_own_message_receipt,
    summary: 'Record that the user of the token read or received a message.',
    idempotency: 'natural',
    tag,
    method: 'POST',
    url: '/messages/:message_id/receipts',
    access: 'self',
    params: { message_id: MessageId },
    body,
    responses,
    operation: (call, { message_id, type }) =>
      withResult(receiveMessage(call.user, message_id, type), () => noContent),
  }),

  endpoint({
    name: 'create_announcement_receipt',
    example: examples.create_announcement_receipt,
    summary: 'Record that a user read or received an announcement.',
    idempotency: 'natural',
    tag,
    method: 'POST',
    url: '/apps/:app_uuid/users/:user_id/announcements/:announcement_id/receipts',
    access: 'user',
    batch: true,
    params: { user_id: UserId, announcement_id: AnnouncementId },
    body,
    responses,
    operation: (_call, { user_id, announcement_id, type }) =>
      withResult(receiveAnnouncement(user_id, announcement_id, type), () => noContent),
  }),

  endpoint({
    name: 'create_own_announcement_receipt',
    example: examples.create_own_announcement_receipt,
    summary: 'Record that the user of the token read or received an announcement.',
    idempotency: 'natural',
    tag,
    method: 'POST',
    url: '/announcements/:announcement_id/receipts',
    access: 'self',
    params: { announcement_id: AnnouncementId },
    body,
    responses,
    operation: (call, { announcement_id, type }) =>
      withResult(receiveAnnouncement(call.user, announcement_id, type), () => noContent),
  }),
];
