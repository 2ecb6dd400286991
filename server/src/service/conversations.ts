/** Conversations: created, changed, deleted and listed. */
import type {
  ConversationOperation,
  ConversationView,
  ParticipantsPage,
  UserConversationView,
} from '@badged/core';
import type { ConversationPage } from '../store/port.js';
import type { UnknownUser } from './badges.js';
import { type ChosenId, chosenIdentity, conversationId, userId, userIds } from './ids.js';
import { checkPatchUsers, oneOrMoreUsers, type PatchOperation, usersOf } from './layer_patch.js';
import { metadata, metadataPath, metadataValue } from './metadata.js';
import { done, type Operation } from './operation.js';
import { orNotFound, Refused, refuseInvalid, refuseMissing } from './refused.js';
import type { Service } from './service.js';

export interface NewConversation extends ChosenId {
  readonly participants: readonly string[];
  readonly distinct: boolean;
  /** Undefined or null for none, which matches any distinct conversation. */
  readonly metadata: unknown;
}

/** The id differs from the one asked for only where a distinct conversation existed already. */
export interface CreatedConversation {
  readonly existed: boolean;
  readonly conversation: ConversationView;
}

export function createConversation(
  service: Service,
  input: NewConversation,
): Operation<'create_conversation', CreatedConversation> {
  const { distinct } = input;
  const participants = userIds(input.participants, 'participants');
  const given = input.metadata === undefined || input.metadata === null ? null : metadata(input.metadata);
  const content = () => [[...new Set(participants)].sort(), distinct, given];
  const identity = chosenIdentity(service, 'conversations', input, content) ?? { id: service.newId() };
  const at = service.now();
  return {
    command: { type: 'create_conversation', ...identity, participants, distinct, metadata: given, at },
    // A retry gets what the first request got. Only another conversation, a distinct one, "existed".
    result: ({ created, conversation }) => ({
      existed: !created && conversation.id !== identity.id,
      conversation,
    }),
  };
}

export function changeConversation(
  conversation: string,
  patch: readonly PatchOperation[],
): Operation<'change_conversation', void> {
  checkPatchUsers(patch);
  return {
    command: {
      type: 'change_conversation',
      conversation: conversationId(conversation, 'conversation_id'),
      operations: patch.flatMap(conversationOperations),
    },
    result: done,
  };
}

function conversationOperations(patch: PatchOperation): ConversationOperation[] {
  if (patch.property === 'participants') return participantsOperations(patch);
  if (patch.property === 'metadata' || patch.property.startsWith('metadata.'))
    return [metadataOperation(patch)];
  return refuseInvalid('property', 'property must be "participants", "metadata" or "metadata.KEY".');
}

function participantsOperations({ operation, value }: PatchOperation): ConversationOperation[] {
  const property = 'participants';
  if (value === undefined)
    refuseMissing('value', 'value is missing. Send a user id or a list of user ids; with set, a list.');
  switch (operation) {
    case 'add':
    case 'remove':
      return oneOrMoreUsers(value).map((user) => ({ operation, property, user }));
    case 'set':
      return [{ operation, property, users: usersOf(value) }];
    case 'delete':
      return refuseInvalid('operation', 'Participants cannot be deleted as a property. Use remove or set.');
  }
}

function metadataOperation({ operation, property: path, value }: PatchOperation): ConversationOperation {
  const property = 'metadata';
  switch (operation) {
    case 'set': {
      if (value === undefined) refuseMissing('value', `value is missing. Send the new value of ${path}.`);
      const keys = metadataPath(path);
      return { operation, property, path: keys, value: metadataValue(value, path, keys) };
    }
    case 'delete':
      return { operation, property, path: metadataPath(path) };
    case 'add':
    case 'remove':
      return refuseInvalid('operation', `Metadata cannot be changed with ${operation}. Use set or delete.`);
  }
}

/** Nothing changes if the user takes no part in the conversation, or there is none: so a retry gets the same response. */
export async function leaveConversation(
  service: Service,
  app: string,
  user: string,
  conversation: string,
): Promise<void> {
  const id = conversationId(conversation, 'conversation_id');
  const participant = userId(user, 'user_id');
  const query = { type: 'participants', conversation: id, participant, limit: 0 } as const;
  if ((await service.store.ask(app, query)) === undefined) return;
  const operation = { operation: 'remove', property: 'participants', user: participant } as const;
  const { refusal } = await service.store.execute(app, {
    type: 'change_conversation',
    conversation: id,
    operations: [operation],
  });
  // It may have been deleted meanwhile.
  if (refusal !== undefined && refusal.code !== 'not_found') throw new Refused(refusal);
}

export function deleteConversation(conversation: string): Operation<'delete_conversation', void> {
  const id = conversationId(conversation, 'conversation_id');
  return { command: { type: 'delete_conversation', conversation: id }, result: done };
}

export async function getConversation(
  service: Service,
  app: string,
  conversation: string,
): Promise<ConversationView> {
  const id = conversationId(conversation, 'conversation_id');
  return orNotFound(
    await service.store.ask(app, { type: 'conversation', conversation: id }),
    `Conversation ${JSON.stringify(id)}`,
  );
}

export async function getUserConversation(
  service: Service,
  app: string,
  user: string,
  conversation: string,
): Promise<UserConversationView> {
  const id = conversationId(conversation, 'conversation_id');
  const view = await service.store.ask(app, {
    type: 'user_conversation',
    user: userId(user, 'user_id'),
    conversation: id,
    now: service.now(),
  });
  return orNotFound(view, `Conversation ${JSON.stringify(id)} of this user`);
}

/** A page of the participants, for the app or, if a user is given, for that participant. */
export async function listParticipants(
  service: Service,
  app: string,
  conversation: string,
  page: { readonly user?: string; readonly fromId: string | undefined; readonly limit: number },
): Promise<ParticipantsPage> {
  const id = conversationId(conversation, 'conversation_id');
  const found = await service.store.ask(app, {
    type: 'participants',
    conversation: id,
    limit: page.limit,
    ...(page.user !== undefined && { participant: userId(page.user, 'user_id') }),
    ...(page.fromId !== undefined && { fromId: userId(page.fromId, 'from_id') }),
  });
  return orNotFound(
    found,
    `Conversation ${JSON.stringify(id)}${page.user === undefined ? '' : ' of this user'}`,
  );
}

export interface ListQuery {
  readonly sortBy: 'created_at' | 'last_message';
  readonly fromId: string | undefined;
  readonly limit: number;
  readonly unreadOnly: boolean;
}

export async function listUserConversations(
  service: Service,
  app: string,
  user: string,
  { sortBy, fromId, limit, unreadOnly }: ListQuery,
  unknownUser: UnknownUser = 'not_found',
): Promise<ConversationPage> {
  const after = fromId === undefined ? {} : { fromId: conversationId(fromId, 'from_id') };
  const query = { sortBy, limit, unreadOnly, ...after };
  const page = await service.store.ask(app, {
    type: 'user_conversations',
    user: userId(user, 'user_id'),
    ...query,
    now: service.now(),
  });
  if (page === undefined && unknownUser === 'zero') return { total: 0, conversations: [] };
  return orNotFound(page, 'This user');
}
