/** The schemas of conversations: for the app, and for one participant. */
import {
  type ConversationView,
  limits,
  type NotificationLevel,
  notificationLevels,
  type UserConversationView,
} from '@badged/core';
import Type, { type Static } from 'typebox';
import { resourceUri } from '../../../service/ids.js';
import type { Call } from '../../foundation/endpoint.js';
import { isoTime, nullableText, pathSegment, Time } from '../../foundation/ids.js';
import { type Sender, SenderResponse, senderResponse } from './sender.js';

export const MetadataInput = Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()], {
  description: 'An object whose values are strings, or objects of the same form.',
});

export const Level = Type.Unsafe<NotificationLevel>({
  $id: 'NotificationLevel',
  type: 'string',
  enum: [...notificationLevels],
  description: 'One of "all", "mentions" and "none".',
});

const common = {
  id: Type.String({ format: 'uri' }),
  url: Type.String({ format: 'uri' }),
  messages_url: Type.String({ format: 'uri', description: 'The URL for sending messages.' }),
  created_at: Time,
  participants: Type.Optional(
    Type.Array(Type.String(), {
      description: `All participants, if there are at most ${limits.participantsInView}; otherwise it is left out.`,
    }),
  ),
  participant_count: Type.Integer({ description: 'The number of participants.' }),
  participants_url: Type.String({ format: 'uri', description: 'The URL of all participants, in pages.' }),
  distinct: Type.Boolean(),
  metadata: Type.Object({}, { additionalProperties: true }),
};

export const Conversation = Type.Object(common, {
  $id: 'Conversation',
  description: 'A conversation.',
});

export function conversationUrl({ base, app }: Call, id: string): string {
  return `${base}/apps/${app}/conversations/${pathSegment('conversations', id)}`;
}

export function conversationResponse(call: Call, view: ConversationView): Static<typeof Conversation> {
  const url = conversationUrl(call, view.id);
  return {
    id: resourceUri('conversations', view.id),
    url,
    messages_url: `${url}/messages`,
    created_at: isoTime(view.createdAt),
    ...(view.participants !== null && { participants: [...view.participants] }),
    participant_count: view.participantCount,
    participants_url: `${url}/participants`,
    distinct: view.distinct,
    metadata: view.metadata,
  };
}

interface LastMessageResponse {
  id: string;
  position: number;
  sender: Sender;
  sent_at: string;
  is_unread: boolean;
}

/** Null if no message is left. */
const LastMessage = Type.Unsafe<LastMessageResponse | null>({
  $id: 'LastMessage',
  type: ['object', 'null'],
  description: 'The newest message since the user joined. It has no parts, since content is not stored.',
  properties: {
    id: Type.String(),
    position: Type.Integer(),
    sender: SenderResponse,
    sent_at: Time,
    is_unread: Type.Boolean(),
  },
  required: ['id', 'position', 'sender', 'sent_at', 'is_unread'],
});

export const UserConversation = Type.Object(
  {
    ...common,
    unread_message_count: Type.Integer(),
    last_message: LastMessage,
    notifications: Type.Object(
      {
        level: Level,
        muted_until: nullableText({ description: 'The time until which it is muted; null if it is not.' }),
      },
      { $id: 'NotificationSettings' },
    ),
  },
  {
    $id: 'UserConversation',
    description: 'A conversation, with the unread counts and settings of one participant.',
  },
);

export function userConversationResponse(
  call: Call,
  user: string,
  view: UserConversationView,
): Static<typeof UserConversation> {
  const { lastMessage, mutedUntil } = view;
  const url = `${call.base}/apps/${call.app}/users/${pathSegment('identities', user)}/conversations/${pathSegment('conversations', view.id)}`;
  return {
    ...conversationResponse(call, view),
    url,
    participants_url: `${url}/participants`,
    unread_message_count: view.unreadMessageCount,
    last_message: lastMessage && {
      id: resourceUri('messages', lastMessage.id),
      position: lastMessage.position,
      sender: senderResponse(lastMessage.sender),
      sent_at: isoTime(lastMessage.sentAt),
      is_unread: lastMessage.isUnread,
    },
    notifications: { level: view.level, muted_until: mutedUntil === null ? null : isoTime(mutedUntil) },
  };
}

/** How a user deletes a conversation or a message. */
export const DeletionMode = Type.Optional(
  Type.Unsafe<'all_participants' | 'my_devices'>({
    type: 'string',
    enum: ['all_participants', 'my_devices'],
    description: 'all_participants (the default) or my_devices.',
  }),
);
