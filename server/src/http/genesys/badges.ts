/** Chat badges: listed a page at a time, and cleared one entity at a time. */

import Type from 'typebox';
import { chatBadges, clearChatBadge, type ListedBadge } from '../../service/chat_badges.js';
import { endpoint, NoContent, noContent, respond } from '../foundation/endpoint.js';
import { isoTime, Time } from '../foundation/ids.js';
import { examples } from './examples.js';

const tag = 'chat badges';
const url = '/api/v2/badges/chats';

const ChatBadge = Type.Object(
  {
    entity: Type.Object(
      {
        id: Type.String({ description: 'The user id, or the UUID of the conversation.' }),
        type: Type.Unsafe<'person' | 'group'>({ type: 'string', enum: ['person', 'group'] }),
        jid: Type.String(),
        jabberId: Type.String({ description: 'The id for marking it as read.' }),
      },
      { $id: 'ChatBadgeEntity' },
    ),
    unreadCount: Type.Integer(),
    lastUnreadNotificationDate: Time,
  },
  { $id: 'ChatBadge' },
);

const Uri = Type.String({ description: 'A path with its query.' });
const ChatBadgeEntityListing = Type.Object(
  {
    entities: Type.Array(ChatBadge),
    pageSize: Type.Integer(),
    pageNumber: Type.Integer(),
    total: Type.Integer(),
    pageCount: Type.Integer(),
    firstUri: Uri,
    selfUri: Uri,
    lastUri: Uri,
    nextUri: Type.Optional(Uri),
    previousUri: Type.Optional(Uri),
  },
  { $id: 'ChatBadgeEntityListing' },
);

export const badgeEndpoints = [
  endpoint({
    name: 'get_badges_chats',
    example: examples.get_badges_chats,
    summary: "List the user's unread chats by person or group, newest first.",
    tag,
    method: 'GET',
    url,
    access: 'me',
    params: {},
    query: {
      pageSize: Type.Optional(
        Type.Integer({ minimum: 1, maximum: 500, description: 'A whole number from 1 to 500.' }),
      ),
      pageNumber: Type.Optional(Type.Integer({ minimum: 1, description: 'A whole number from 1 upwards.' })),
    },
    responses: { 200: ChatBadgeEntityListing },
    run: async ({ service, app, user }, { pageSize = 25, pageNumber = 1 }) =>
      respond(200, page(await chatBadges(service, app, user), pageSize, pageNumber)),
  }),

  endpoint({
    name: 'delete_badges_chat',
    summary: 'Mark all messages from a person or group as read, in all of its conversations.',
    tag,
    method: 'DELETE',
    url: `${url}/:jabber_id`,
    access: 'me',
    params: {
      jabber_id: Type.String({
        description: "A jabberId of the listing, URL-encoded. Without a domain, the app's domain is meant.",
      }),
    },
    responses: { 204: NoContent },
    run: async ({ service, app, user }, { jabber_id }) => {
      await clearChatBadge(service, app, user, jabber_id);
      return noContent;
    },
  }),
];

function page(badges: readonly ListedBadge[], pageSize: number, pageNumber: number) {
  const total = badges.length;
  const pageCount = Math.ceil(total / pageSize);
  const uri = (number: number) => `${url}?pageSize=${pageSize}&pageNumber=${number}`;
  return {
    entities: badges.slice((pageNumber - 1) * pageSize, pageNumber * pageSize).map(entry),
    pageSize,
    pageNumber,
    total,
    pageCount,
    firstUri: uri(1),
    selfUri: uri(pageNumber),
    lastUri: uri(Math.max(1, pageCount)),
    ...(pageNumber < pageCount ? { nextUri: uri(pageNumber + 1) } : {}),
    ...(pageNumber > 1 ? { previousUri: uri(pageNumber - 1) } : {}),
  };
}

function entry({ entity, jabberId, unreadCount, newestUnreadAt }: ListedBadge) {
  const { type } = entity;
  const id = entity.type === 'person' ? entity.user : entity.conversation;
  return {
    entity: { id, type, jid: jabberId, jabberId },
    unreadCount,
    lastUnreadNotificationDate: isoTime(newestUnreadAt),
  };
}
