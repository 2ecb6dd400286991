/** Sending and deleting messages. */
import type { Command } from '../../command.js';
import { limits } from '../../limits.js';
import * as ranges from '../../ranges.js';
import { invalid, notFound, type Refusal, refuse } from '../../refusal.js';
import { checkName } from '../../text.js';
import type { MessageView } from '../../view.js';
import type { MessageSent } from '../event.js';
import { type FoundMessage, findMessage, lastMessage, messageAt, senderView } from '../messages.js';
import type { AppState } from '../state.js';
import { type Decision, done, type Known } from './decision.js';

export function sendMessage(known: Known, command: Command<'send_message'>): Decision<'send_message'> {
  const { state } = known;
  const conversation = state.conversations.number(command.conversation);
  if (!state.conversations.exists(conversation)) return { refusal: notFound('The conversation') };
  if (command.identity !== undefined) {
    const repeat = repeated(known, conversation, command.identity);
    if (repeat !== undefined) return repeat;
  }
  const event = messageEvent(known, conversation, command);
  if ('code' in event) return { refusal: event };
  return { event, answer: () => view(known, event) };
}

export function deleteMessage(known: Known, command: Command<'delete_message'>): Decision<'delete_message'> {
  const { state } = known;
  const found = findMessage(known, command.message);
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
  const last = lastMessage(known, conversation);
  if (last?.position !== position) return done({ type: 'message_deleted', conversation, position });
  return done({
    type: 'message_deleted',
    conversation,
    position,
    last: lastButDeleted(known, conversation, last),
  });
}

function messageEvent(
  { state }: Known,
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
  const mentions = [...new Set(command.mentions)].map((id) => state.users.number(id));
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
  const previous = state.conversations.last.get(conversation);
  return {
    type: 'message',
    conversation,
    position,
    sender,
    at: command.at,
    ...(previous !== 0 && { previous }),
    ...(command.identity !== undefined && { id: command.identity.id }),
    ...(command.identity?.fingerprint !== undefined && { fingerprint: command.identity.fingerprint }),
    ...(command.silent && { silent: true as const }),
    ...(mentions.length > 0 && { mentions }),
    ...(hidden.length > 0 && { hidden }),
  };
}

/** The participants who block the sender. The smaller of the two sides is walked: either may be everybody. */
function participatingBlockers(
  { users, conversations, participations }: AppState,
  conversation: number,
  sender: number,
): number[] {
  const blockers = users.blockers(sender);
  if (blockers.size <= conversations.participants.get(conversation))
    return [...blockers].filter((user) => participations.find(conversation, user) !== 0);
  return [...participations.ofConversation(conversation)]
    .map((row) => participations.user.get(row))
    .filter((user) => blockers.has(user));
}

/** The decision if there is such a message already; undefined if there is none. */
function repeated(
  known: Known,
  conversation: number,
  identity: NonNullable<Command<'send_message'>['identity']>,
): Decision<'send_message'> | undefined {
  const found = findMessage(known, identity.id);
  if (found === undefined) {
    if (known.ids.parse(identity.id) === undefined) return undefined;
    return { refusal: invalid('id', 'This is not a message id of your choosing. Use a new UUID.') };
  }
  const before = found.conversation === conversation ? messageAt(known, found) : undefined;
  const differs =
    before?.fingerprint !== undefined &&
    identity.fingerprint !== undefined &&
    before.fingerprint !== identity.fingerprint;
  if (before !== undefined && !differs) return { event: null, answer: () => view(known, before) };
  const message = 'Another message has or had this id. Use a new one.';
  return {
    refusal: refuse('id_in_use', message, isThere(known.state, found) ? { existing: identity.id } : {}),
  };
}

function isThere({ conversations }: AppState, { conversation, position }: FoundMessage): boolean {
  return (
    conversations.exists(conversation) &&
    !ranges.contains(conversations.deletedMessages(conversation), position)
  );
}

/** Where the log has the message before the last one, of those that are not deleted; 0 if there is none. */
function lastButDeleted(known: Known, conversation: number, last: MessageSent): number {
  const deleted = known.state.conversations.deletedMessages(conversation);
  // Old messages are commonly deleted first to last; then there is nothing to look for.
  if (ranges.size(ranges.below(deleted, last.position)) === last.position - 1) return 0;
  let reference = last.previous ?? 0;
  while (reference !== 0) {
    const message = known.log.at(reference);
    if (message === undefined) return 0;
    if (!ranges.contains(deleted, message.position)) return reference;
    reference = message.previous ?? 0;
  }
  return 0;
}

/** As of sending: what has been read since is not looked at, so that a repeat answers the same. */
function view({ state, ids }: Known, event: MessageSent): MessageView {
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
    const status = new Map<string, 'sent' | 'read'>();
    for (const row of state.participations.ofConversation(conversation)) {
      const user = state.participations.user.get(row);
      if (state.participations.joined.get(row) >= position) continue;
      status.set(state.users.id(user), user === sender ? 'read' : 'sent');
    }
    return Object.fromEntries(status);
  }
}
