/** The actions of the demo users and of their app's backend, as calls to the API. */
import { type Api, api } from '../server/api.js';
import { resourceId } from '../server/resource_id.js';
import type { Chat } from './chats.js';
import { isDemo } from './demo_users.js';
import { type Person, people } from './people.js';
import type { Transcript } from './transcript.js';

interface App {
  readonly id: string;
  readonly name: string;
}

/** A user who is named with an @ is mentioned. */
export async function send(
  through: Api,
  app: App,
  person: Person,
  chat: Chat,
  text: string,
  transcript: Transcript,
) {
  const mentions = chat.others.filter((other) => text.includes(`@${other}`));
  const { id, position } = await through.sendMessage({
    app_uuid: app.id,
    conversation_id: chat.id,
    sender: { user_id: person },
    parts: [{ body: text, mime_type: 'text/plain' }],
    ...(mentions.length > 0 && { mentions }),
  });
  transcript.add({ message: id, conversation: chat.id, position, by: person, text });
}

/** Sends a receipt for each unread announcement, which the explanation of the badge lists. */
export async function readAnnouncements(through: Api, app: App, person: Person): Promise<void> {
  const of = { app_uuid: app.id, user_id: person };
  const { announcements } = await through.explainBadge(of);
  for (const id of announcements)
    await through.createAnnouncementReceipt({ ...of, announcement_id: resourceId(id), type: 'read' });
}

/**
 * Sets the unnamed external count so that all external counts add up to `sum`. Named counts belong to other backends;
 * reading them first is not logged.
 */
export async function setExternal(through: Api, app: App, person: Person, sum: number): Promise<void> {
  const of = { app_uuid: app.id, user_id: person };
  const { external } = await api.explainBadge(of);
  const named = Object.entries(external).reduce((sum, [name, count]) => (name === '' ? sum : sum + count), 0);
  await through.setBadge({ ...of, external_unread_count: Math.max(0, sum - named) });
}

/** To everyone in the demo app only: in another app, everyone would include real users. */
export async function announce(through: Api, app: App): Promise<void> {
  await through.createAnnouncement({
    app_uuid: app.id,
    recipients: isDemo(app) ? 'everyone' : [...people],
    sender: { name: 'The team' },
    parts: [{ body: 'Version 2 is here!', mime_type: 'text/plain' }],
  });
}
