/** Every query about a user, counted anew each time by filtering all the messages. Results are copies. */
import {
  type ConversationView,
  type LastMessageView,
  limits,
  type ParticipantsPage,
  type ParticipantsQuery,
  type UserConversationView,
} from '@badged/core';
import type {
  ConversationPage,
  ConversationQuery,
  ExplainedConversation,
  Explanation,
  UserBadge,
} from '../port.js';
import { unreadAnnouncements } from './announcements.js';
import { viewConversation } from './conversations.js';
import {
  type AppState,
  type Conversation,
  counts,
  findConversation,
  findParticipant,
  isTheirs,
  type Message,
  type Participant,
} from './state.js';

export function badge(state: AppState, user: string, now: number): UserBadge | undefined {
  if (!state.known.has(user)) return undefined;
  const counted = placesOf(state, user).map(({ conversation, participant }) =>
    badgeCount(conversation, participant, now),
  );
  const external = Object.fromEntries(state.external.get(user) ?? []);
  return {
    externalUnreadCount: sum(Object.values(external)),
    unreadConversationCount: counted.filter((count) => count > 0).length,
    unreadMessageCount: sum(counted),
    unreadAnnouncementCount: unreadAnnouncements(state, user).length,
    settings: { ...state.app.settings },
    external,
  };
}

export function explain(
  state: AppState,
  user: string,
  now: number,
  limit = Number.POSITIVE_INFINITY,
): Explanation | undefined {
  const total = badge(state, user, now);
  if (!total) return undefined;
  const unread = placesOf(state, user)
    .filter(({ conversation, participant }) => unreadMessages(conversation, participant).length > 0)
    .sort(byLastMessage)
    .map(({ conversation, participant }) => explainConversation(state, conversation, participant, now));
  const rest = unread.slice(limit);
  const announcements = unreadAnnouncements(state, user).map((each) => each.id);
  return {
    badge: total,
    conversations: unread.slice(0, limit),
    more: {
      conversationCount: rest.length,
      countedConversationCount: rest.filter((each) => each.badgeCount > 0).length,
      unreadMessageCount: sum(rest.map((each) => each.unreadMessageCount)),
      badgeCount: sum(rest.map((each) => each.badgeCount)),
    },
    announcements: announcements.slice(Math.max(0, announcements.length - limit)),
  };
}

export function conversation(state: AppState, id: string): ConversationView | undefined {
  const found = findConversation(state, id);
  return found && viewConversation(state, found);
}

/** In the order in which the app first named them. */
export function participants(state: AppState, query: ParticipantsQuery): ParticipantsPage | undefined {
  const found = findConversation(state, query.conversation);
  if (!found) return undefined;
  if (query.participant !== undefined && !findParticipant(found, query.participant)) return undefined;
  const known = [...state.known];
  const from = query.fromId === undefined ? 0 : known.indexOf(query.fromId) + 1;
  const present = new Set(found.participants.map((each) => each.user));
  const rest = query.fromId !== undefined && from === 0 ? [] : known.slice(from);
  return {
    total: present.size,
    participants: rest.filter((user) => present.has(user)).slice(0, query.limit),
  };
}

export function userConversation(
  state: AppState,
  user: string,
  id: string,
  now: number,
): UserConversationView | undefined {
  const found = findConversation(state, id);
  const participant = findParticipant(found, user);
  return found && participant && viewForUser(state, found, participant, now);
}

export function userConversations(
  state: AppState,
  user: string,
  query: ConversationQuery,
  now: number,
): ConversationPage | undefined {
  if (!state.known.has(user)) return undefined;
  const places = placesOf(state, user);
  if (query.sortBy === 'last_message') places.sort(byLastMessage);
  const wanted = (place: Place) =>
    !query.unreadOnly || unreadMessages(place.conversation, place.participant).length > 0;
  const from = places.findIndex((each) => each.conversation.id === query.fromId);
  const rest = query.fromId === undefined ? places : from < 0 ? [] : places.slice(from + 1);
  return {
    total: places.filter(wanted).length,
    conversations: rest
      .filter(wanted)
      .slice(0, query.limit)
      .map(({ conversation, participant }) => viewForUser(state, conversation, participant, now)),
  };
}

export function blocks(state: AppState, user: string): readonly string[] | undefined {
  return state.known.has(user) ? [...(state.blocks.get(user) ?? [])] : undefined;
}

interface Place {
  readonly conversation: Conversation;
  readonly participant: Participant;
}

/** Where the user takes part, the newest conversation first. */
export function placesOf(state: AppState, user: string): Place[] {
  const places: Place[] = [];
  for (const conversation of state.conversations) {
    const participant = conversation.deleted ? undefined : findParticipant(conversation, user);
    if (participant) places.unshift({ conversation, participant });
  }
  return places;
}

/** Sorting is stable, so places of the same time stay in the order of creation, newest first. */
function byLastMessage(a: Place, b: Place): number {
  return timeOfLastMessage(b.conversation) - timeOfLastMessage(a.conversation);
}

function timeOfLastMessage(conversation: Conversation): number {
  return conversation.messages.at(-1)?.sentAt ?? conversation.createdAt;
}

function unreadMessages(conversation: Conversation, participant: Participant): readonly Message[] {
  return conversation.messages.filter((message) => counts(message, participant));
}

function badgeCount(conversation: Conversation, participant: Participant, now: number): number {
  return countedMessages(conversation, participant, now).length;
}

/** The unread messages that the badge counts, oldest first. */
export function countedMessages(
  conversation: Conversation,
  participant: Participant,
  now: number,
): readonly Message[] {
  if (participant.level === 'none' || isMuted(participant, now)) return [];
  const unread = unreadMessages(conversation, participant);
  if (participant.level === 'all') return unread;
  return unread.filter((message) => message.mentions.has(participant.user));
}

export function isMuted(participant: Participant, now: number): boolean {
  return participant.mutedUntil !== null && participant.mutedUntil > now;
}

function viewForUser(
  state: AppState,
  conversation: Conversation,
  participant: Participant,
  now: number,
): UserConversationView {
  return {
    ...viewConversation(state, conversation),
    unreadMessageCount: unreadMessages(conversation, participant).length,
    badgeCount: badgeCount(conversation, participant, now),
    level: participant.level,
    mutedUntil: isMuted(participant, now) ? participant.mutedUntil : null,
    lastMessage: lastMessage(conversation, participant),
  };
}

function lastMessage(conversation: Conversation, participant: Participant): LastMessageView | null {
  const since = conversation.messages.slice(participant.joined);
  const message = since.findLast((each) => !each.deleted);
  if (!message) return null;
  const { id, position, sender, sentAt } = message;
  return { id, position, sender: { ...sender }, sentAt, isUnread: counts(message, participant) };
}

/** The cursor and the ranges, which the reference does not store, computed from what it stores. */
function explainConversation(
  state: AppState,
  conversation: Conversation,
  participant: Participant,
  now: number,
): ExplainedConversation {
  const since = conversation.messages.slice(participant.joined);
  const open = since.find((message) => !isAcknowledged(message, participant));
  const cursor = open ? open.position - 1 : conversation.messages.length;
  const above = conversation.messages.slice(cursor);
  const { unreadMessageCount, badgeCount, level, mutedUntil } = viewForUser(
    state,
    conversation,
    participant,
    now,
  );
  const acknowledged = above.filter((message) => isAcknowledged(message, participant));
  return {
    id: conversation.id,
    head: conversation.messages.length,
    joined: participant.joined,
    cursor,
    acknowledged: intervals(acknowledged).slice(0, 2 * limits.explainedIntervals),
    acknowledgedCount: acknowledged.length,
    uncounted: above.filter((message) => !isAcknowledged(message, participant) && isVoid(message)).length,
    unreadMessageCount,
    badgeCount,
    level,
    mutedUntil,
  };
}

/** Does not count for this participant, for a reason of their own: read, sent by them, or sender blocked. */
function isAcknowledged(message: Message, { user, read }: Participant): boolean {
  return read.has(message.position) || isTheirs(message, user) || message.hiddenFrom.has(user);
}

/** Counts for no participant. */
function isVoid(message: Message): boolean {
  return message.deleted || message.silent;
}

function intervals(messages: readonly Message[]): number[] {
  const ends: number[] = [];
  for (const { position } of messages) {
    if (ends.at(-1) === position - 1) ends.pop();
    else ends.push(position);
    ends.push(position);
  }
  return ends;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
