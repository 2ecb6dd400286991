/** What people do with their phones, and their app's backend for them, as calls to the API. */
import { type Api, api } from '../server/api.js';
import { isDemo } from './cast.js';
import { type Chat, uuidOf } from './chats.js';
import { type Person, people } from './people.js';
import type { Said } from './said.js';

interface App {
  readonly id: string;
  readonly name: string;
}

/** Whoever is named with an @ is mentioned, as chat apps do it. */
export async function send(through: Api, app: App, person: Person, chat: Chat, text: string, said: Said) {
  const mentions = chat.others.filter((other) => text.includes(`@${other}`));
  const { id, position } = await through.sendMessage({
    app_uuid: app.id,
    conversation_id: chat.id,
    sender: { user_id: person },
    parts: [{ body: text, mime_type: 'text/plain' }],
    ...(mentions.length > 0 && { mentions }),
  });
  said.add({ message: id, conversation: chat.id, position, by: person, text });
}

/** There is a receipt for each announcement; which ones are unread, the explanation of the badge says. */
export async function readAnnouncements(through: Api, app: App, person: Person): Promise<void> {
  const of = { app_uuid: app.id, user_id: person };
  const { announcements } = await through.explainBadge(of);
  for (const id of announcements)
    await through.createAnnouncementReceipt({ ...of, announcement_id: uuidOf(id), type: 'read' });
}

/**
 * So that the external counts sum to it. The one without a name is set; those with a name belong to other backends, and
 * what they add is read first, which is no part of what is shown.
 */
export async function setExternal(through: Api, app: App, person: Person, sum: number): Promise<void> {
  const of = { app_uuid: app.id, user_id: person };
  const { external } = await api.explainBadge(of);
  const named = Object.entries(external).reduce((sum, [name, count]) => (name === '' ? sum : sum + count), 0);
  await through.setBadge({ ...of, external_unread_count: Math.max(0, sum - named) });
}

/** In an app that is not there to be played with, everyone would be its real users. */
export async function announce(through: Api, app: App): Promise<void> {
  await through.createAnnouncement({
    app_uuid: app.id,
    recipients: isDemo(app) ? 'everyone' : [...people],
    sender: { name: 'The team' },
    parts: [{ body: 'Version 2 is here!', mime_type: 'text/plain' }],
  });
}
