/** How much memory an app takes, about: from the numbers of its rows, so that it costs nothing to know. */
import type { LoadedApp } from './apps.js';

/** In bytes, with its lists, names and indexes. Close to what was measured with a million participations. */
const bytesOf = { app: 20_000, user: 250, conversation: 400, participation: 90, announcement: 300 };

export function sizeOf({ machine: { state } }: LoadedApp): number {
  const { users, conversations, participations, announcements } = state;
  return (
    bytesOf.app +
    bytesOf.user * users.count +
    bytesOf.conversation * conversations.count +
    bytesOf.participation * participations.count +
    bytesOf.announcement * announcements.count
  );
}
