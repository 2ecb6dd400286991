/** The schema of messages: as they are sent, and as they are read later. */
import type { MessageView, ReadableMessageView } from '@badged/core';
import Type, { type Static } from 'typebox';
import { resourceUri } from '../../../service/ids.js';
import type { Call } from '../../foundation/endpoint.js';
import { isoTime, Time } from '../../foundation/ids.js';
import { type Parts, PartsResponse } from './content.js';
import { conversationUrl } from './conversation.js';
import { SenderResponse, senderResponse } from './sender.js';

export const Message = Type.Object(
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
    is_unread: Type.Optional(
      Type.Boolean({
        description: "Whether it is unread for the user. Only where a user's messages are read.",
      }),
    ),
  },
  { $id: 'Message', description: 'A message.' },
);

export const Messages = Type.Array(Message, {
  description: 'Newest first. Their parts are empty, since content is not stored.',
});

export function messageResponse(call: Call, view: MessageView, parts: Parts): Static<typeof Message> {
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

export function readableMessageResponse(call: Call, view: ReadableMessageView): Static<typeof Message> {
  const { isUnread } = view;
  return { ...messageResponse(call, view, []), ...(isUnread !== null && { is_unread: isUnread }) };
}
