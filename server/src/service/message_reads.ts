/** Messages that are read later: everything about them but their content, which is never stored. */
import type { MessagesPage, ReadableMessageView } from '@badged/core';
import { conversationId, existingId, parseResourceId, userId } from './ids.js';
import { orNotFound } from './refused.js';
import type { Service } from './service.js';

/** For the app or, if a user is given, for that participant: since they joined. */
export async function listMessages(
  service: Service,
  app: string,
  conversation: string,
  page: { readonly user?: string; readonly fromId: string | undefined; readonly limit: number },
): Promise<MessagesPage> {
  const id = conversationId(conversation, 'conversation_id');
  const { user, fromId } = page;
  const from = fromId === undefined ? undefined : parseResourceId('messages', fromId);
  const found = await service.store.ask(app, {
    type: 'messages',
    conversation: id,
    // A text that is no UUID is the id of no message: the page is empty.
    limit: fromId !== undefined && from === undefined ? 0 : page.limit,
    ...(user !== undefined && { participant: userId(user, 'user_id') }),
    ...(from !== undefined && { fromId: from }),
  });
  return orNotFound(found, `Conversation ${JSON.stringify(id)}${user === undefined ? '' : ' of this user'}`);
}

export interface MessageToRead {
  readonly message: string;
  /** Default: any. */
  readonly conversation?: string;
  /** Default: the app. */
  readonly user?: string;
}

export async function getMessage(
  service: Service,
  app: string,
  { message, conversation, user }: MessageToRead,
): Promise<ReadableMessageView> {
  const id = existingId('messages', message);
  const found = await service.store.ask(app, {
    type: 'message',
    message: id,
    ...(conversation !== undefined && { conversation: conversationId(conversation, 'conversation_id') }),
    ...(user !== undefined && { participant: userId(user, 'user_id') }),
  });
  return orNotFound(found, `Message ${JSON.stringify(id)}`);
}

/** Whether there was a conversation with this id, and it was deleted. */
export async function isDeletedConversation(
  service: Service,
  app: string,
  conversation: string,
): Promise<boolean> {
  const id = conversationId(conversation, 'conversation_id');
  return service.store.ask(app, { type: 'is_deleted', conversation: id });
}
