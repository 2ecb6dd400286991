/** Messages: sent and deleted. Who reads them is in receipts.ts. */
import { randomUUID } from 'node:crypto';
import {
  type Command,
  checkName,
  invalid,
  limits,
  type MessageView,
  notFound,
  type Outcome,
  type Refusal,
  refuse,
  type Sender,
} from '@badged/core';
import {
  type AppState,
  type Conversation,
  differ,
  findConversation,
  findParticipant,
  isBlockedBy,
  isTheirs,
  type Message,
} from './state.js';

export function sendMessage(state: AppState, command: Command<'send_message'>): Outcome<'send_message'> {
  const conversation = findConversation(state, command.conversation);
  if (!conversation) return { refusal: notFound('The conversation') };
  const earlier = command.identity && findMessage(state, command.identity.id);
  if (earlier) return answerAgain(conversation, earlier, command.identity?.fingerprint);
  const wrong =
    senderRefusal(conversation, command.sender) ?? mentionsRefusal(conversation, command.mentions);
  if (wrong) return { refusal: wrong };
  const { sender } = command;
  const message: Message = {
    id: command.identity?.id ?? randomUUID(),
    fingerprint: command.identity?.fingerprint,
    position: conversation.messages.length + 1,
    sender: { ...sender },
    sentAt: command.at,
    silent: command.silent,
    mentions: new Set(command.mentions),
    hiddenFrom: 'userId' in sender ? blockersOf(state, conversation, sender.userId) : new Set(),
    deleted: false,
  };
  conversation.messages.push(message);
  return { value: viewMessage(conversation, message) };
}

export function deleteMessage(
  state: AppState,
  command: Command<'delete_message'>,
): Outcome<'delete_message'> {
  const found = findMessage(state, command.message);
  const elsewhere = command.conversation !== undefined && command.conversation !== found?.conversation.id;
  if (!found || found.conversation.deleted || elsewhere) return { refusal: notFound('The message') };
  found.message.deleted = true;
  return { value: null };
}

interface FoundMessage {
  readonly conversation: Conversation;
  readonly message: Message;
}

/** Finds it in any conversation, also if it or its conversation was deleted. */
export function findMessage(state: AppState, id: string): FoundMessage | undefined {
  for (const conversation of state.conversations) {
    const message = conversation.messages.find((each) => each.id === id);
    if (message) return { conversation, message };
  }
  return undefined;
}

function answerAgain(
  conversation: Conversation,
  earlier: FoundMessage,
  fingerprint: number | undefined,
): Outcome<'send_message'> {
  if (earlier.conversation === conversation && !differ(earlier.message.fingerprint, fingerprint)) {
    return { value: viewMessage(conversation, earlier.message) };
  }
  const exists = !earlier.message.deleted && !earlier.conversation.deleted;
  const more = exists ? { existing: earlier.message.id } : {};
  return { refusal: refuse('id_in_use', 'Another message has this id. Choose a new one.', more) };
}

function senderRefusal(conversation: Conversation, sender: Sender): Refusal | undefined {
  if ('name' in sender)
    return checkName('sender.name', 'The name of a sender', sender.name, limits.nameBytes);
  if (findParticipant(conversation, sender.userId)) return undefined;
  return invalid('sender.user_id', 'The sender takes no part in the conversation.');
}

function mentionsRefusal(conversation: Conversation, mentions: readonly string[]): Refusal | undefined {
  if (new Set(mentions).size > limits.mentionsPerMessage) {
    return invalid('mentions', `A message mentions up to ${limits.mentionsPerMessage} users.`);
  }
  if (mentions.every((user) => findParticipant(conversation, user))) return undefined;
  return invalid('mentions', 'Only those who take part in the conversation can be mentioned.');
}

function blockersOf(state: AppState, conversation: Conversation, sender: string): Set<string> {
  const users = conversation.participants.map((each) => each.user);
  return new Set(users.filter((user) => isBlockedBy(state, user, sender)));
}

export function viewMessage(conversation: Conversation, message: Message): MessageView {
  return {
    id: message.id,
    conversation: conversation.id,
    position: message.position,
    sender: { ...message.sender },
    sentAt: message.sentAt,
    recipientStatus: recipientStatus(conversation, message),
  };
}

/** As of sending: it leaves out later reads and participants who joined later. */
function recipientStatus({ participants }: Conversation, message: Message): MessageView['recipientStatus'] {
  if (participants.length > limits.recipientStatusParticipants) return null;
  const recipients = participants.filter((each) => each.joined < message.position);
  return Object.fromEntries(recipients.map(({ user }) => [user, isTheirs(message, user) ? 'read' : 'sent']));
}
