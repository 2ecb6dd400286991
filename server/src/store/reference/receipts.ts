/** What one participant does with what was sent: reads it, marks it unread, or wants to hear less of it. */
import { type Command, invalid, notFound, type Outcome } from '@badged/core';
import { findMessage } from './messages.js';
import {
  type AppState,
  type Conversation,
  findConversation,
  findParticipant,
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
  const reads: { place: Place; position: number }[] = [];
  for (const each of command.conversations) {
    const place = findPlace(state, command.user, each.conversation);
    if (!place) return { refusal: notFound('The conversation') };
    reads.push({ place, position: each.position ?? place.conversation.messages.length });
  }
  for (const { place, position } of reads) {
    const head = place.conversation.messages.length;
    if (position < 0 || position > head) {
      return { refusal: invalid('position', `The position is 0 to ${head}, the conversation's last.`) };
    }
  }
  for (const { place, position } of reads) {
    for (const message of place.conversation.messages.slice(0, position)) {
      place.participant.read.add(message.position);
    }
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
