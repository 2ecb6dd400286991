/** Announcements, to named users or to everyone who is known, and their receipts. */
import { type AnnouncementView, limits } from '@badged/core';
import { type ChosenId, chosenIdentity, existingId, userId, userIds } from './ids.js';
import type { ReceiptType } from './messages.js';
import { checkedName } from './names.js';
import { alertOf, type Notification } from './notifications.js';
import { execute, type Service } from './service.js';

export interface NewAnnouncement extends ChosenId {
  readonly recipients: readonly string[] | 'everyone';
  readonly senderName: string;
  /** What makes another announcement of it under the same id, besides the fields above. */
  readonly parts: readonly object[];
  /** Without one, recipients are told nothing but their badge. */
  readonly notification?: Notification | undefined;
}

export interface Announced extends AnnouncementView {
  /** Each once, as plain ids. */
  readonly recipients: readonly string[] | 'everyone';
}

export async function announce(service: Service, app: string, input: NewAnnouncement): Promise<Announced> {
  const recipients =
    input.recipients === 'everyone'
      ? input.recipients
      : [...new Set(userIds(input.recipients, 'recipients'))];
  const sender = checkedName(input.senderName, 'sender.name', limits.nameBytes);
  const content = () => [
    recipients === 'everyone' ? recipients : [...recipients].sort(),
    sender,
    input.parts,
  ];
  const identity = chosenIdentity(service, 'announcements', input, content) ?? { id: service.newId() };
  const at = service.now();
  const command = { type: 'announce', ...identity, recipients, at } as const;
  const view = await execute<'announce'>(service, app, command, alertOf(service, input.notification));
  return { ...view, recipients };
}

export async function receiveAnnouncement(
  service: Service,
  app: string,
  user: string,
  announcement: string,
  type: ReceiptType,
): Promise<void> {
  const receipt = {
    user: userId(user, 'user_id'),
    announcement: existingId('announcements', announcement),
  };
  if (type === 'read')
    await execute<'read_announcement'>(service, app, { type: 'read_announcement', ...receipt });
  else await execute<'deliver_announcement'>(service, app, { type: 'deliver_announcement', ...receipt });
}
