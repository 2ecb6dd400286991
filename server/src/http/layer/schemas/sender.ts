/** Who sent something: a participant by id, or the system under a name. Never both. */
import type { Sender as SenderView } from '@badged/core';
import Type, { type Static } from 'typebox';
import { refuseInvalid, refuseMissing } from '../../../service/refused.js';
import { nullableText } from '../../foundation/ids.js';

const NullableInput = Type.Optional(
  Type.Union([Type.String(), Type.Null()], { description: 'A string, or left out.' }),
);

export const SenderInput = Type.Object(
  { user_id: NullableInput, name: NullableInput },
  {
    $id: 'NewSender',
    description: 'Either {"user_id": "…"} or {"name": "…"}.',
    examples: [{ user_id: 'alice' }],
  },
);

export const SenderResponse = Type.Object(
  { user_id: nullableText({}), name: nullableText({}) },
  { $id: 'Sender', description: 'The sender: a user or a name. The other one is null.' },
);
export type Sender = Static<typeof SenderResponse>;

export function senderResponse(sender: SenderView): Sender {
  return 'userId' in sender ? { user_id: sender.userId, name: null } : { user_id: null, name: sender.name };
}

/** Newer clients write sender_id instead of sender.user_id. */
export function parseSender(
  sender: Static<typeof SenderInput> | undefined,
  senderId: string | undefined,
): SenderView {
  const name = sender?.name ?? undefined;
  const user = sender?.user_id ?? senderId;
  if (sender?.user_id != null && senderId !== undefined) {
    refuseInvalid('sender_id', 'sender_id and sender.user_id mean the same. Send one of them.');
  }
  if (user !== undefined && name !== undefined) {
    refuseInvalid('sender', 'sender has both a user and a name. A message is from one of them.');
  }
  if (user !== undefined) return { userId: user };
  return name === undefined
    ? refuseMissing('sender', 'sender is missing. Send {"user_id": "…"} or {"name": "…"}.')
    : { name };
}
