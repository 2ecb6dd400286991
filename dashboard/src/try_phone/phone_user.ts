/** What the page does for the user of the phone: makes them known, writes to them, and reads for them. */
import type { BatchOperation } from '@badged/client/api';
import { api } from '../server/api.js';

export interface PhoneUser {
  readonly app: string;
  readonly user: string;
}

/** The longest that the API gives: an app on a home screen is to work tomorrow, too, and can get no other. */
export const tokenSeconds = 30 * 86_400;

/** The conversation that they are written to in, made where there is none yet: from then on the user is known. */
export async function conversationOf({ app, user }: PhoneUser): Promise<string> {
  const input = { app_uuid: app, participants: [user], distinct: true };
  const { id } = await api.createConversation(input);
  return id;
}

/** `page` is where a click on the notification leads. */
export async function sendMessage(to: PhoneUser, text: string, page: string): Promise<void> {
  await api.sendMessage({
    app_uuid: to.app,
    conversation_id: await conversationOf(to),
    sender: { name: 'badged' },
    parts: [{ body: text, mime_type: 'text/plain' }],
    notification: { title: 'badged', text, data: { navigate: page } },
  });
}

/** As many operations as one batch holds. */
const mostAtOnce = 1_000;

/** Every conversation and every announcement that counts. External counts are not read but set. */
export async function readEverything({ app, user }: PhoneUser): Promise<void> {
  const { conversations, announcements } = await api.explainBadge({ app_uuid: app, user_id: user });
  const operations: BatchOperation[] = [
    ...conversations.map(({ id }) => ({
      operation: 'mark_all_read' as const,
      user_id: user,
      conversation_id: id,
    })),
    ...announcements.map((id) => ({
      operation: 'create_announcement_receipt' as const,
      user_id: user,
      announcement_id: id,
      type: 'read' as const,
    })),
  ];
  for (let start = 0; start < operations.length; start += mostAtOnce)
    await api.createEvents({ app_uuid: app, operations: operations.slice(start, start + mostAtOnce) });
}
