/** What one participant does with messages: reads them, marks them unread, or changes how many of them count. */
import { type Command, invalid, limits, notFound, type Outcome } from '@badged/core';
import { findMessage } from './messages.js';
import {
  type AppState,
  type Conversation,
  findConversation,
  findParticipant,
  type Message,
  type Participant,
} from './state.js';

export function readMessage(state: AppState, command: Command<'read_message'>): Outcome<'read_message'> {
  const found = findMessage(state, command.message);
  const place = found && findPlace(state, command.user, found.conversation.id);
  if (!found || !place) return { refusal: notFound('The message') };
  if (!found.message.deleted) place.participant.read.add(found.message.position);
  return { value: null };
}

export function deliverMessage(
  state: AppState,
  command: Command<'deliver_message'>,
): Outcome<'deliver_message'> {
  const found = findMessage(state, command.message);
  if (!found || !findPlace(state, command.user, found.conversation.id)) {
    return { refusal: notFound('The message') };
  }
  return { value: null };
}

export function markAllRead(state: AppState, command: Command<'mark_all_read'>): Outcome<'mark_all_read'> {
  const reads: { participant: Participant; read: readonly Message[] }[] = [];
  for (const { conversation, position } of command.conversations) {
    const place = findPlace(state, command.user, conversation);
    if (!place) return { refusal: notFound('The conversation') };
    const { messages } = place.conversation;
    const upTo = position ?? messages.length;
    if (upTo < 0 || upTo > messages.length) {
      return {
        refusal: invalid('position', `The position is 0 to ${messages.length}, the conversation's last.`),
      };
    }
    reads.push({ participant: place.participant, read: messages.slice(0, upTo) });
  }
  for (const { participant, read } of reads) {
    for (const message of read) participant.read.add(message.position);
  }
  return { value: null };
}

export function markUnread(state: AppState, command: Command<'mark_unread'>): Outcome<'mark_unread'> {
  const place = findPlace(state, command.user, command.conversation);
  if (!place) return { refusal: notFound('The conversation') };
  const head = place.conversation.messages.length;
  if (command.position < 1 || command.position > head) {
    return { refusal: invalid('position', `The position is 1 to ${head}, the conversation's last.`) };
  }
  if (head - command.position + 1 > limits.markUnreadMessages) {
    return { refusal: invalid('position', `The position is one of the last ${limits.markUnreadMessages}.`) };
  }
  for (const message of place.conversation.messages.slice(command.position - 1)) {
    place.participant.read.delete(message.position);
  }
  return { value: null };
}

export function setNotifications(
  state: AppState,
  command: Command<'set_notifications'>,
): Outcome<'set_notifications'> {
  const place = findPlace(state, command.user, command.conversation);
  if (!place) return { refusal: notFound('The conversation') };
  place.participant.level = command.level;
  place.participant.mutedUntil = command.mutedUntil;
  return { value: null };
}

interface Place {
  readonly conversation: Conversation;
  readonly participant: Participant;
}

function findPlace(state: AppState, user: string, id: string): Place | undefined {
  const conversation = findConversation(state, id);
  const participant = findParticipant(conversation, user);
  return conversation && participant && { conversation, participant };
}
