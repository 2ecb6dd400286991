/** The signed-in user's chat badges: listed by the entity they came from, and cleared one entity at a time. */
import { type ChatBadge, jidOf, parseJid } from '@badged/core';
import { orNotFound, Refused, refuseInvalid, refuseNotFound } from './refused.js';
import type { Service } from './service.js';

export interface ListedBadge extends ChatBadge {
  readonly jabberId: string;
}

/** Newest message first. */
export async function chatBadges(service: Service, app: string, user: string): Promise<ListedBadge[]> {
  const { jabberDomain } = orNotFound(await service.store.apps.get(app), 'The app');
  const badges = await service.store.ask(app, { type: 'chat_badges', user, now: service.now() });
  return badges.map((badge) => ({ ...badge, jabberId: jidOf(badge.entity, jabberDomain) }));
}

export async function jabberIdOf(service: Service, app: string, user: string): Promise<string> {
  const { jabberDomain } = orNotFound(await service.store.apps.get(app), 'The app');
  return jidOf({ type: 'person', user }, jabberDomain);
}

/**
 * Everything from this entity is read, in every conversation that it stands for, in one step. A jabberId without
 * a domain names a user of the app's own: published examples of this API write them so. It cannot be meant for
 * anything else, since no listing shows a JID that is a bare domain.
 */
export async function clearChatBadge(
  service: Service,
  app: string,
  user: string,
  jabberId: string,
): Promise<void> {
  const { jabberDomain } = orNotFound(await service.store.apps.get(app), 'The app');
  const jid = jabberId.includes('@') ? jabberId : `${jabberId}@${jabberDomain}`;
  const entity = parseJid(jid, jabberDomain);
  if (entity === undefined) {
    refuseInvalid('jabberId', 'jabberId is no JID. Use one as the listing shows it, URL-encoded.');
  }
  if (entity === 'foreign') refuseNoEntity();
  // A conversation may end between the two steps, and then nothing was read: the second look does not find it.
  for (let attempt = 1; ; attempt += 1) {
    const ids = await service.store.ask(app, { type: 'conversations_with', user, entity });
    if (ids.length === 0) refuseNoEntity();
    const conversations = ids.map((conversation) => ({ conversation }));
    const outcome = await service.store.execute<'mark_all_read'>(app, {
      type: 'mark_all_read',
      user,
      conversations,
    });
    if (outcome.refusal === undefined) return;
    if (attempt === 3) throw new Refused(outcome.refusal);
  }
}

function refuseNoEntity(): never {
  return refuseNotFound('An entity with this jabberId, among those of this user,');
}
