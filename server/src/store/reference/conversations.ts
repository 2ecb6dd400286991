/** Conversations: creation, participants, metadata and deletion. */
import {
  type Command,
  type ConversationOperation,
  type ConversationView,
  checkConversationId,
  checkUserId,
  invalid,
  limits,
  notFound,
  type Outcome,
  type Refusal,
  refuse,
} from '@badged/core';
import { bytesOf, changedAt, copyMetadata, sameMetadata } from './metadata.js';
import {
  type AppState,
  type Conversation,
  differ,
  findConversation,
  isBlockedBy,
  type Participant,
} from './state.js';

export function createConversation(
  state: AppState,
  command: Command<'create_conversation'>,
): Outcome<'create_conversation'> {
  const earlier = state.conversations.find((each) => each.id === command.id);
  if (earlier) return answerAgain(state, earlier, command.fingerprint);
  const users = [...new Set(command.participants)];
  const metadata = command.metadata ?? {};
  const wrong =
    checkConversationId('id', command.id) ??
    participantsRefusal(users.length, 1) ??
    movesRefusal(users.length) ??
    idsRefusal(users) ??
    metadataRefusal(metadata);
  if (wrong) return { refusal: wrong };
  const same = command.distinct ? findDistinct(state, users) : undefined;
  if (same) return answerDistinct(state, same, command);
  const [a, b] = users;
  if (users.length === 2 && a !== undefined && b !== undefined) {
    if (isBlockedBy(state, a, b) || isBlockedBy(state, b, a)) {
      return {
        refusal: refuse('participant_blocked', 'One of the two participants blocks the other.', {
          property: 'participants',
        }),
      };
    }
  }
  for (const user of users) state.known.add(user);
  const conversation: Conversation = {
    id: command.id,
    fingerprint: command.fingerprint,
    createdAt: command.at,
    distinct: command.distinct,
    deleted: false,
    metadata: copyMetadata(metadata),
    participants: users.map((user) => newParticipant(user, 0)),
    messages: [],
  };
  state.conversations.push(conversation);
  return { value: { created: true, conversation: viewConversation(state, conversation) } };
}

/** Works on copies of what may change, so that a refused operation changes nothing. */
export function changeConversation(
  state: AppState,
  command: Command<'change_conversation'>,
): Outcome<'change_conversation'> {
  const conversation = findConversation(state, command.conversation);
  if (!conversation) return { refusal: notFound('The conversation') };
  const named = new Set<string>();
  let moves = 0;
  let { participants, metadata, distinct } = conversation;
  for (const operation of command.operations) {
    if (operation.property === 'metadata') {
      const value = operation.operation === 'set' ? operation.value : undefined;
      const changed = changedAt(metadata, operation.path, value);
      if ('notAnObject' in changed) return { refusal: notAnObject(changed.notAnObject) };
      metadata = changed.metadata;
      const tooLarge = metadataRefusal(metadata);
      if (tooLarge) return { refusal: tooLarge };
    } else {
      const changed = changedParticipants(participants, operation, conversation.messages.length);
      for (const user of arrivals(participants, changed)) named.add(user);
      moves += arrivals(participants, changed).length + arrivals(changed, participants).length;
      if (moves > 0) distinct = false;
      const tooMany = movesRefusal(moves);
      if (tooMany) return { refusal: tooMany };
      participants = changed;
    }
  }
  const wrong = participantsRefusal(participants.length, 0) ?? idsRefusal([...named]);
  if (wrong) return { refusal: wrong };
  conversation.participants = participants;
  conversation.metadata = metadata;
  conversation.distinct = distinct;
  for (const { user } of participants) state.known.add(user);
  return { value: null };
}

export function deleteConversation(
  state: AppState,
  command: Command<'delete_conversation'>,
): Outcome<'delete_conversation'> {
  const conversation = state.conversations.find((each) => each.id === command.conversation);
  if (!conversation) return { refusal: notFound('The conversation') };
  conversation.deleted = true;
  return { value: null };
}

export function viewConversation(state: AppState, conversation: Conversation): ConversationView {
  return {
    id: conversation.id,
    createdAt: conversation.createdAt,
    distinct: conversation.distinct,
    metadata: copyMetadata(conversation.metadata),
    participantCount: conversation.participants.length,
    participants:
      conversation.participants.length > limits.participantsInView
        ? null
        : inOrder(state, conversation.participants),
  };
}

/** By when they joined, in messages; then in the order in which the app first named them. */
function inOrder({ known }: AppState, participants: readonly Participant[]): string[] {
  const order = [...known];
  return [...participants]
    .sort((a, b) => a.joined - b.joined || order.indexOf(a.user) - order.indexOf(b.user))
    .map((each) => each.user);
}

function newParticipant(user: string, head: number): Participant {
  return { user, joined: head, read: new Set(), level: 'all', mutedUntil: null };
}

function answerAgain(
  state: AppState,
  earlier: Conversation,
  fingerprint: number | undefined,
): Outcome<'create_conversation'> {
  if (earlier.deleted) {
    return { refusal: refuse('id_in_use', 'A deleted conversation had this id. Choose a new one.') };
  }
  if (differ(earlier.fingerprint, fingerprint)) {
    const message = 'Another conversation has this id. Choose a new one.';
    return { refusal: refuse('id_in_use', message, { existing: earlier.id }) };
  }
  return { value: { created: false, conversation: viewConversation(state, earlier) } };
}

function findDistinct(state: AppState, users: readonly string[]): Conversation | undefined {
  return state.conversations.find(
    ({ distinct, deleted, participants }) =>
      distinct &&
      !deleted &&
      participants.length === users.length &&
      participants.every((each) => users.includes(each.user)),
  );
}

function answerDistinct(
  state: AppState,
  same: Conversation,
  command: Command<'create_conversation'>,
): Outcome<'create_conversation'> {
  if (command.metadata !== null && !sameMetadata(same.metadata, command.metadata)) {
    const message = 'The distinct conversation of these participants has other metadata.';
    return { refusal: refuse('conflict', message, { existing: same.id }) };
  }
  return { value: { created: false, conversation: viewConversation(state, same) } };
}

type ParticipantsOperation = Extract<ConversationOperation, { property: 'participants' }>;

function changedParticipants(
  participants: Participant[],
  operation: ParticipantsOperation,
  head: number,
): Participant[] {
  if (operation.operation === 'remove') return participants.filter((each) => each.user !== operation.user);
  const wanted = new Set(operation.operation === 'set' ? operation.users : [operation.user]);
  const staying =
    operation.operation === 'set' ? participants.filter((each) => wanted.has(each.user)) : participants;
  const present = new Set(staying.map((each) => each.user));
  const joining = [...wanted].filter((user) => !present.has(user));
  return [...staying, ...joining.map((user) => newParticipant(user, head))];
}

function arrivals(before: readonly Participant[], after: readonly Participant[]): string[] {
  const present = new Set(before);
  return after.filter((each) => !present.has(each)).map((each) => each.user);
}

function notAnObject(path: readonly string[]): Refusal {
  const property = ['metadata', ...path].join('.');
  return invalid(property, `${property} is to be an object.`);
}

function participantsRefusal(count: number, least: number): Refusal | undefined {
  const most = limits.participantsPerConversation;
  if (count >= least && count <= most) return undefined;
  return invalid('participants', `A conversation has ${least} to ${most} participants.`);
}

function movesRefusal(count: number): Refusal | undefined {
  if (count <= limits.usersPerRequest) return undefined;
  return invalid('participants', `A request adds and removes up to ${limits.usersPerRequest} participants.`);
}

function idsRefusal(users: readonly string[]): Refusal | undefined {
  return users.map((user) => checkUserId('participants', user)).find((refusal) => refusal);
}

function metadataRefusal(metadata: Conversation['metadata']): Refusal | undefined {
  if (bytesOf(metadata) <= limits.metadataBytes) return undefined;
  return invalid('metadata', `Metadata takes up to ${limits.metadataBytes} bytes of JSON.`);
}
