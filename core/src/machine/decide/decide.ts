/** Decides a command: returns a refusal or the event to apply, for which there is room. Changes nothing. */
import type { Command, CommandType } from '../../command.js';
import { announce, deliverAnnouncement, readAnnouncement } from './announcements.js';
import { checkCapacity } from './capacity.js';
import { changeConversation, createConversation, deleteConversation } from './conversations.js';
import type { Decision, DecisionContext } from './decision.js';
import { deleteMessage, sendMessage } from './messages.js';
import { deliverMessage, markAllRead, markUnread, readMessage, setNotifications } from './reading.js';
import { changeBlocks, setExternal } from './users.js';

const deciders: {
  readonly [T in CommandType]: (context: DecisionContext, command: Command<T>) => Decision<T>;
} = {
  create_conversation: createConversation,
  change_conversation: changeConversation,
  delete_conversation: deleteConversation,
  send_message: sendMessage,
  delete_message: deleteMessage,
  read_message: readMessage,
  deliver_message: deliverMessage,
  mark_all_read: markAllRead,
  mark_unread: markUnread,
  set_notifications: setNotifications,
  announce,
  read_announcement: readAnnouncement,
  deliver_announcement: deliverAnnouncement,
  change_blocks: changeBlocks,
  set_external: setExternal,
};

export function decide<T extends CommandType>(context: DecisionContext, command: Command<T>): Decision<T> {
  const decision = deciders[command.type](context, command);
  if (decision.needs !== undefined || decision.refusal !== undefined || decision.event === null)
    return decision;
  const refusal = checkCapacity(context.state, decision.event);
  return refusal === undefined ? decision : { refusal };
}
