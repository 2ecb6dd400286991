/** Announcements, to named users or to all users of the app, and their receipts. */
import { type AnnouncementView, limits, type Sender } from '@badged/core';
import { type ChosenId, chosenIdentity, existingId, userId, userIds } from './ids.js';
import type { ReceiptType } from './messages.js';
import { checkedName } from './names.js';
import { alertOf, type Notification } from './notifications.js';
import { done, type Operation } from './operation.js';
import type { Service } from './service.js';

export interface NewAnnouncement extends ChosenId {
  readonly recipients: readonly string[] | 'everyone';
  readonly sender: Sender;
  /** With other parts, the same id is another announcement. */
  readonly parts: readonly object[];
  /** Without one, pushes contain only the badge. */
  readonly notification?: Notification | undefined;
}

export interface Announced extends AnnouncementView {
  /** Each once, as plain ids. */
  readonly recipients: readonly string[] | 'everyone';
}

export function announce(service: Service, input: NewAnnouncement): Operation<'announce', Announced> {
  const recipients =
    input.recipients === 'everyone'
      ? input.recipients
      : [...new Set(userIds(input.recipients, 'recipients'))];
  const sender =
    'name' in input.sender
      ? checkedName(input.sender.name, 'sender.name', limits.nameBytes)
      : { userId: input.sender.userId };
  const content = () => [
    recipients === 'everyone' ? recipients : [...recipients].sort(),
    sender,
    input.parts,
  ];
  const identity = chosenIdentity(service, 'announcements', input, content) ?? { id: service.newId() };
  return {
    command: { type: 'announce', ...identity, recipients, at: service.now() },
    alert: alertOf(service, input.notification),
    result: (view) => ({ ...view, recipients }),
  };
}

export function receiveAnnouncement(
  user: string,
  announcement: string,
  type: ReceiptType,
): Operation<'read_announcement' | 'deliver_announcement', void> {
  const receipt = {
    user: userId(user, 'user_id'),
    announcement: existingId('announcements', announcement),
  };
  return { command: { type: announcementReceipts[type], ...receipt }, result: done };
}

const announcementReceipts = { read: 'read_announcement', delivery: 'deliver_announcement' } as const;
