/** Actions for the phone's user: creates them, sends them messages, and marks everything as read. */
import type { BatchOperation } from '@badged/client/api';
import { api } from '../server/api.js';

export interface PhoneUser {
  readonly app: string;
  readonly user: string;
}

/** The longest lifetime that the API allows: an installed app cannot get a new token. */
export const tokenSeconds = 30 * 86_400;

/** The user's conversation. Creating it creates the user. */
export async function conversationOf({ app, user }: PhoneUser): Promise<string> {
  const input = { app_uuid: app, participants: [user], distinct: true };
  const { id } = await api.createConversation(input);
  return id;
}

/** A click on the notification opens `page`. */
export async function sendMessage(to: PhoneUser, text: string, page: string): Promise<void> {
  await api.sendMessage({
    app_uuid: to.app,
    conversation_id: await conversationOf(to),
    sender: { name: 'badged' },
    parts: [{ body: text, mime_type: 'text/plain' }],
    notification: { title: 'badged', text, data: { navigate: page } },
  });
}

/** Marks all counted conversations and announcements as read. External counts stay. */
export async function readEverything({ app, user }: PhoneUser): Promise<void> {
  for (;;) {
    const operations = await readingOperations({ app, user });
    if (operations.length === 0) return;
    await api.createEvents({ app_uuid: app, operations });
  }
}

/** For what an explained badge lists, which is not all at once. */
async function readingOperations({ app, user }: PhoneUser): Promise<BatchOperation[]> {
  const { conversations, announcements } = await api.explainBadge({ app_uuid: app, user_id: user });
  return [
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
}
