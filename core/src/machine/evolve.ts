/**
 * Applies an event to the state. Nothing is decided or refused here. When a sequence is applied again, a row
 * may be missing because a later event of the sequence removed it; the event then skips that row.
 */
import * as readState from '../read_state.js';
import type {
  Announced,
  BlocksChanged,
  ConversationChanged,
  ConversationCreated,
  Event,
  ExternalSet,
  Introduction,
  MarkedUnread,
  MessageDeleted,
  MessageSent,
  NotificationsSet,
} from './event.js';
import type { AppState } from './state.js';

/** `reference` is the event's number in the log. */
export function evolve(state: AppState, event: Event, reference: number): void {
  if ('users' in event) introduce(state, event.users ?? []);
  switch (event.type) {
    case 'conversation_created':
      created(state, event);
      break;
    case 'conversation_changed':
      changed(state, event);
      break;
    case 'conversation_deleted':
      deleted(state, event.conversation);
      break;
    case 'message':
      sent(state, event, reference);
      break;
    case 'message_deleted':
      messageDeleted(state, event);
      break;
    case 'read':
      for (const [conversation, from, to] of event.read) read(state, conversation, event.user, from, to);
      break;
    case 'unread':
      markedUnread(state, event);
      break;
    case 'notifications':
      notificationsSet(state, event);
      break;
    case 'announcement':
      announced(state, event);
      break;
    case 'announcement_read':
      announcementRead(state, event.user, event.announcement);
      break;
    case 'blocks':
      blocksChanged(state, event);
      break;
    case 'external':
      externalSet(state, event);
      break;
  }
}

function introduce(state: AppState, users: readonly Introduction[]): void {
  for (const [user, id, everyonePosition] of users) {
    state.users.introduce(user, id, everyonePosition);
    state.changed.users.add(user);
  }
}

function created(state: AppState, event: ConversationCreated): void {
  const { conversations, participations, changed } = state;
  // The sequence is applied again, to a state in which the conversation was deleted already.
  if (participations.isDropped(event.conversation)) state.release(Number.POSITIVE_INFINITY);
  conversations.create(event.conversation, event.id);
  conversations.createdAt.set(event.conversation, event.at);
  conversations.fingerprint.set(event.conversation, event.fingerprint ?? 0);
  conversations.setDistinct(event.conversation, event.distinct);
  conversations.setMetadata(event.conversation, event.metadata ?? {});
  conversations.head.set(event.conversation, 0);
  changed.conversations.add(event.conversation);
  for (const user of event.participants) join(state, event.conversation, user, 0);
  state.sets.index(event.conversation, event.distinct);
}

function changed(state: AppState, event: ConversationChanged): void {
  const { conversation } = event;
  if (!state.conversations.exists(conversation)) return;
  for (const user of event.left) leave(state, conversation, user);
  for (const user of event.joined) join(state, conversation, user, event.head);
  state.conversations.setDistinct(conversation, event.distinct);
  state.sets.index(conversation, event.distinct);
  if (event.metadata !== undefined) state.conversations.setMetadata(conversation, event.metadata);
  state.changed.conversations.add(conversation);
}

/** O(1): the participants' rows are released later, a few at a time. */
function deleted(state: AppState, conversation: number): void {
  const { conversations, participations, sets, changed } = state;
  sets.clear(conversation);
  sets.index(conversation, false);
  participations.drop(conversation, conversations.participants.get(conversation));
  conversations.participants.set(conversation, 0);
  conversations.delete(conversation);
  changed.conversations.add(conversation);
  state.countChanges.conversationChanged(conversation);
}

function sent(state: AppState, event: MessageSent, reference: number): void {
  const { conversation, position } = event;
  const { conversations } = state;
  if (!conversations.exists(conversation)) return;
  conversations.head.set(conversation, position);
  conversations.lastAt.set(conversation, event.at);
  conversations.setLast(conversation, reference, event);
  if (event.silent) conversations.addUncounted(conversation, position);
  state.changed.conversations.add(conversation);
  state.countChanges.conversationChanged(conversation);
  if (typeof event.sender === 'number') read(state, conversation, event.sender, position, position);
  for (const user of event.hidden ?? []) read(state, conversation, user, position, position);
  for (const user of event.mentions ?? []) mention(state, conversation, user, [position]);
}

function messageDeleted(state: AppState, event: MessageDeleted): void {
  const { conversation, position } = event;
  const { conversations } = state;
  if (!conversations.exists(conversation)) return;
  conversations.addUncounted(conversation, position);
  conversations.addDeletedMessage(conversation, position);
  if (event.last === null) conversations.clearLast(conversation);
  else if (event.last !== undefined) conversations.setLast(conversation, event.last.reference, event.last);
  state.changed.conversations.add(conversation);
  state.countChanges.conversationChanged(conversation);
}

function read(state: AppState, conversation: number, user: number, from: number, to: number): void {
  const row = state.participations.find(conversation, user);
  if (row === 0) return;
  state.participations.acknowledge(row, from, to);
  participationChanged(state, conversation, user);
}

function mention(state: AppState, conversation: number, user: number, positions: readonly number[]): void {
  const row = state.participations.find(conversation, user);
  if (row === 0) return;
  state.participations.addMentions(row, positions);
  participationChanged(state, conversation, user);
}

function markedUnread(state: AppState, event: MarkedUnread): void {
  const row = state.participations.find(event.conversation, event.user);
  if (row === 0) return;
  const { participations } = state;
  const joined = participations.joined.get(row);
  participations.setRead(
    row,
    readState.markUnreadFrom(participations.read(row), event.from, joined, event.except),
  );
  mention(state, event.conversation, event.user, event.mentions);
  participationChanged(state, event.conversation, event.user);
}

function notificationsSet(state: AppState, event: NotificationsSet): void {
  const row = state.participations.find(event.conversation, event.user);
  if (row === 0) return;
  state.participations.setLevel(row, event.level, event.mutedUntil);
  participationChanged(state, event.conversation, event.user);
}

function announced(state: AppState, event: Announced): void {
  const { announcement, id, at, fingerprint = 0, recipients } = event;
  state.changed.announcements.add(announcement);
  if ('position' in recipients) {
    state.announcements.set(announcement, { id, at, fingerprint, recipients });
    return;
  }
  const numbers = Uint32Array.from(recipients).sort();
  state.announcements.set(announcement, { id, at, fingerprint, recipients: numbers });
  for (const user of recipients) {
    state.users.addNamed(user, announcement);
    state.changed.users.add(user);
  }
}

function announcementRead(state: AppState, user: number, announcement: number): void {
  const recipients = state.announcements.get(announcement)?.recipients;
  if (recipients === undefined) return;
  if ('position' in recipients) {
    const { position } = recipients;
    state.users.setAnnounced(user, readState.acknowledge(state.users.announced(user), position, position));
  } else {
    state.users.setNamed(
      user,
      state.users.named(user).filter((other) => other !== announcement),
    );
  }
  state.changed.users.add(user);
}

function blocksChanged(state: AppState, event: BlocksChanged): void {
  state.users.setBlocked(event.owner, new Set(event.blocked));
  state.changed.users.add(event.owner);
}

function externalSet(state: AppState, event: ExternalSet): void {
  for (const [user, name, count] of event.counts) {
    const counts = new Map(state.users.external(user));
    if (count === null) counts.delete(name);
    else counts.set(name, count);
    state.users.setExternal(user, counts);
    state.changed.users.add(user);
  }
}

function join(state: AppState, conversation: number, user: number, head: number): void {
  const { conversations, participations, sets } = state;
  if (participations.find(conversation, user) === 0) {
    sets.add(conversation, user);
    participations.add(conversation, user, head);
    conversations.participants.set(conversation, conversations.participants.get(conversation) + 1);
  } else participations.join(conversation, user, head);
  participationChanged(state, conversation, user);
}

function leave(state: AppState, conversation: number, user: number): void {
  const { conversations, participations, sets } = state;
  if (participations.find(conversation, user) === 0) return;
  sets.remove(conversation, user);
  participations.leave(conversation, user);
  conversations.participants.set(conversation, conversations.participants.get(conversation) - 1);
  participationChanged(state, conversation, user);
}

function participationChanged(state: AppState, conversation: number, user: number): void {
  state.changed.participation(conversation, user);
  state.countChanges.participationChanged(conversation, user);
}
