/** Sending and deleting messages. */
import type { Command } from '../../command.js';
import { limits } from '../../limits.js';
import * as ranges from '../../ranges.js';
import { invalid, notFound, type Refusal, refuse } from '../../refusal.js';
import { checkName } from '../../text.js';
import type { MessageView } from '../../view.js';
import type { LastMessage, MessageSent } from '../event.js';
import { isNeeds, type Needs } from '../facts.js';
import { type FoundMessage, findMessage, lastUpTo, messageAt, senderView } from '../messages.js';
import type { AppState } from '../state.js';
import { type Decision, type DecisionContext, done } from './decision.js';

export function sendMessage(
  context: DecisionContext,
  command: Command<'send_message'>,
): Decision<'send_message'> {
  const { state } = context;
  const conversation = state.conversations.number(command.conversation);
  if (!state.conversations.exists(conversation)) return { refusal: notFound('The conversation') };
  if (command.identity !== undefined) {
    const repeat = repeated(context, conversation, command.identity);
    if (repeat !== undefined) return repeat;
  }
  const event = messageEvent(context, conversation, command);
  if ('code' in event) return { refusal: event };
  return { event, result: () => view(context, event) };
}

export function deleteMessage(
  context: DecisionContext,
  command: Command<'delete_message'>,
): Decision<'delete_message'> {
  const { state } = context;
  const found = findMessage(context, command.message);
  if (isNeeds(found)) return found;
  if (found === undefined || !state.conversations.exists(found.conversation))
    return { refusal: notFound('The message') };
  const { conversation, position } = found;
  if (
    command.conversation !== undefined &&
    state.conversations.number(command.conversation) !== conversation
  ) {
    return { refusal: notFound('The message') };
  }
  if (ranges.contains(state.conversations.deletedMessages(conversation), position)) return done(null);
  const event = { type: 'message_deleted', conversation, position } as const;
  if (state.conversations.lastPosition(conversation) !== position) return done(event);
  const last = lastBefore(context, conversation, position);
  return isNeeds(last) ? last : done({ ...event, last });
}

function messageEvent(
  { state }: DecisionContext,
  conversation: number,
  command: Command<'send_message'>,
): MessageSent | Refusal {
  const sender = 'userId' in command.sender ? state.users.number(command.sender.userId) : command.sender.name;
  const takesPart = (user: number) => user !== 0 && state.participations.find(conversation, user) !== 0;
  if (typeof sender === 'string') {
    const refusal = checkName('sender.name', 'A sender name', sender, limits.nameBytes);
    if (refusal !== undefined) return refusal;
  } else if (!takesPart(sender)) {
    return invalid(
      'sender.user_id',
      'The sender takes no part in the conversation. Add them as a participant first.',
    );
  }
  const mentions = numbersOf(state, command.mentions);
  if (mentions.length > limits.mentionsPerMessage) {
    return invalid(
      'mentions',
      `A message may mention ${limits.mentionsPerMessage} users; this one has ${mentions.length}.`,
    );
  }
  if (!mentions.every(takesPart))
    return invalid('mentions', 'Only participants of the conversation can be mentioned.');
  const position = state.conversations.head.get(conversation) + 1;
  if (position > limits.position)
    return invalid('conversation', 'The conversation is full. Start a new one.');
  const hidden = typeof sender === 'number' ? participatingBlockers(state, conversation, sender) : [];
  const previous = state.conversations.lastReference(conversation);
  const event: Writable<MessageSent> = { type: 'message', conversation, position, sender, at: command.at };
  if (previous !== 0) event.previous = previous;
  if (command.identity !== undefined) event.id = command.identity.id;
  if (command.identity?.fingerprint !== undefined) event.fingerprint = command.identity.fingerprint;
  if (command.silent) event.silent = true;
  if (mentions.length > 0) event.mentions = mentions;
  if (hidden.length > 0) event.hidden = hidden;
  return event;
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

/** Each once. */
function numbersOf({ users }: AppState, ids: readonly string[]): readonly number[] {
  return ids.length === 0 ? none : [...new Set(ids)].map((id) => users.number(id));
}

const none: readonly number[] = [];

/** The participants who block the sender. Walks the smaller of the two sets, because either may be very large. */
function participatingBlockers(
  { users, conversations, participations }: AppState,
  conversation: number,
  sender: number,
): readonly number[] {
  const blockers = users.blockers(sender);
  if (blockers.size === 0) return none;
  if (blockers.size <= conversations.participants.get(conversation))
    return [...blockers].filter((user) => participations.find(conversation, user) !== 0);
  return [...participations.ofConversation(conversation)]
    .map((row) => participations.user.get(row))
    .filter((user) => blockers.has(user));
}

/** The decision for a retry: the message exists already. Undefined if there is no such message. */
function repeated(
  context: DecisionContext,
  conversation: number,
  identity: NonNullable<Command<'send_message'>['identity']>,
): Decision<'send_message'> | undefined {
  const found = findMessage(context, identity.id);
  if (isNeeds(found)) return found;
  if (found === undefined) {
    if (context.ids.parse(identity.id) === undefined) return undefined;
    return { refusal: invalid('id', 'This is not a message id of your choosing. Use a new UUID.') };
  }
  const before = found.conversation === conversation ? messageAt(context, found) : undefined;
  if (isNeeds(before)) return before;
  const differs =
    before?.fingerprint !== undefined &&
    identity.fingerprint !== undefined &&
    before.fingerprint !== identity.fingerprint;
  if (before !== undefined && !differs) return { event: null, result: () => view(context, before) };
  const message = 'Another message has or had this id. Use a new one.';
  return {
    refusal: refuse('id_in_use', message, isThere(context.state, found) ? { existing: identity.id } : {}),
  };
}

function isThere({ conversations }: AppState, { conversation, position }: FoundMessage): boolean {
  return (
    conversations.exists(conversation) &&
    !ranges.contains(conversations.deletedMessages(conversation), position)
  );
}

/**
 * The last message below the position that is not deleted; null if there is none. The state
 * gives its position. Its place in the log is found by walking back from the last message, past deleted ones.
 */
function lastBefore(
  context: DecisionContext,
  conversation: number,
  position: number,
): LastMessage | null | Needs {
  const deleted = context.state.conversations.deletedMessages(conversation);
  const last = ranges.lastInNeither(deleted, ranges.noRanges, position - 1);
  if (last === 0) return null;
  const landing = lastUpTo(context, conversation, last);
  if (landing === null || isNeeds(landing)) return landing;
  return lastMessage(landing.reference, landing.message);
}

function lastMessage(reference: number, { position, sender, at, id }: MessageSent): LastMessage {
  return { reference, position, sender, at, ...(id !== undefined && { id }) };
}

/** As of sending: later reads are ignored, so that a retry returns the same result. */
function view({ state, ids }: DecisionContext, event: MessageSent): MessageView {
  const { conversation, position, sender } = event;
  return {
    id: event.id ?? ids.make(conversation, position),
    conversation: state.conversations.id(conversation),
    position,
    sender: senderView(state, sender),
    sentAt: event.at,
    recipientStatus: recipientStatus(),
  };

  function recipientStatus(): MessageView['recipientStatus'] {
    if (state.conversations.participants.get(conversation) > limits.recipientStatusParticipants) return null;
    // An object with a prototype would be some twenty times slower: each new id would give it another shape.
    const status: Record<string, 'sent' | 'read'> = Object.create(null);
    state.participations.forEachOfConversation(conversation, (row) => {
      const user = state.participations.user.get(row);
      if (state.participations.joined.get(row) >= position) return;
      status[state.users.id(user)] = user === sender ? 'read' : 'sent';
    });
    return status;
  }
}
