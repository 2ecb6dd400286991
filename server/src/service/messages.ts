/** Messages and their receipts. A message's parts are echoed to the sender and never stored. */
import { limits, type MessageView, type Sender } from '@badged/core';
import { type ChosenId, chosenIdentity, conversationId, existingId, userId, userIds } from './ids.js';
import { checkedName } from './names.js';
import { alertOf, type Notification } from './notifications.js';
import { done, type Operation } from './operation.js';
import { refuseInvalid } from './refused.js';
import type { Service } from './service.js';

export interface NewMessage extends ChosenId {
  readonly conversation: string;
  readonly sender: Sender;
  readonly mentions: readonly string[];
  readonly silent: boolean;
  /** With other parts, the same id is another message. */
  readonly parts: readonly object[];
  /** Without one, pushes contain only the badge. */
  readonly notification?: Notification | undefined;
}

export function sendMessage(service: Service, input: NewMessage): Operation<'send_message', MessageView> {
  const conversation = conversationId(input.conversation, 'conversation_id');
  const sender = checkedSender(input.sender);
  const mentions = userIds(input.mentions, 'mentions');
  if (mentions.length > limits.mentionsPerMessage) {
    refuseInvalid('mentions', `mentions holds more than ${limits.mentionsPerMessage} users. Mention fewer.`);
  }
  const { silent } = input;
  const content = () => [sender, mentions, silent, input.parts];
  const identity = chosenIdentity(service, 'messages', input, content);
  const chosen = identity === undefined ? {} : { identity };
  const at = service.now();
  return {
    command: { type: 'send_message', conversation, ...chosen, sender, mentions, silent, at },
    alert: alertOf(service, input.notification),
    result: (view) => view,
  };
}

function checkedSender(sender: Sender): Sender {
  return 'userId' in sender
    ? { userId: userId(sender.userId, 'sender.user_id') }
    : { name: checkedName(sender.name, 'sender.name', limits.nameBytes) };
}

export function deleteMessage(conversation: string, message: string): Operation<'delete_message', void> {
  return {
    command: {
      type: 'delete_message',
      conversation: conversationId(conversation, 'conversation_id'),
      message: existingId('messages', message),
    },
    result: done,
  };
}

/** A delivery receipt is checked like a read receipt, and changes no count. */
export type ReceiptType = 'read' | 'delivery';

export function receiveMessage(
  user: string,
  message: string,
  type: ReceiptType,
): Operation<'read_message' | 'deliver_message', void> {
  const receipt = { user: userId(user, 'user_id'), message: existingId('messages', message) };
  return { command: { type: messageReceipts[type], ...receipt }, result: done };
}

const messageReceipts = { read: 'read_message', delivery: 'deliver_message' } as const;
