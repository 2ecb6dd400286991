/** Messages and their receipts. A message's parts are echoed to the sender and never kept. */
import { limits, type MessageView, type Sender } from '@badged/core';
import { type ChosenId, chosenIdentity, conversationId, existingId, userId, userIds } from './ids.js';
import { checkedName } from './names.js';
import { alertOf, type Notification } from './notifications.js';
import { refuseInvalid } from './refused.js';
import { execute, type Service } from './service.js';

export interface NewMessage extends ChosenId {
  readonly conversation: string;
  readonly sender: Sender;
  readonly mentions: readonly string[];
  readonly silent: boolean;
  /** What makes another message of it under the same id, besides the fields above. */
  readonly parts: readonly object[];
  /** Without one, recipients are told nothing but their badge. */
  readonly notification?: Notification | undefined;
}

export async function sendMessage(service: Service, app: string, input: NewMessage): Promise<MessageView> {
  const conversation = conversationId(input.conversation, 'conversation_id');
  const sender = checkedSender(input.sender);
  const mentions = userIds(input.mentions, 'mentions');
  if (mentions.length > limits.mentionsPerMessage) {
    refuseInvalid('mentions', `mentions holds more than ${limits.mentionsPerMessage} users. Mention fewer.`);
  }
  const content = () => [sender, mentions, input.silent, input.parts];
  const identity = chosenIdentity(service, 'messages', input, content);
  const command = {
    type: 'send_message',
    conversation,
    ...(identity === undefined ? {} : { identity }),
    sender,
    mentions,
    silent: input.silent,
    at: service.now(),
  } as const;
  return execute<'send_message'>(service, app, command, alertOf(service, input.notification));
}

function checkedSender(sender: Sender): Sender {
  return 'userId' in sender
    ? { userId: userId(sender.userId, 'sender.user_id') }
    : { name: checkedName(sender.name, 'sender.name', limits.nameBytes) };
}

export async function deleteMessage(
  service: Service,
  app: string,
  conversation: string,
  message: string,
): Promise<void> {
  const ids = {
    conversation: conversationId(conversation, 'conversation_id'),
    message: existingId('messages', message),
  };
  await execute<'delete_message'>(service, app, { type: 'delete_message', ...ids });
}

export type ReceiptType = 'read' | 'delivery';

export async function receiveMessage(
  service: Service,
  app: string,
  user: string,
  message: string,
  type: ReceiptType,
): Promise<void> {
  const receipt = { user: userId(user, 'user_id'), message: existingId('messages', message) };
  if (type === 'read') await execute<'read_message'>(service, app, { type: 'read_message', ...receipt });
  else await execute<'deliver_message'>(service, app, { type: 'deliver_message', ...receipt });
}
