/** The signed-in user's chat badges: listed by entity, and cleared one entity at a time. */
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
 * Reads everything from this entity, in every conversation with it, in one step. A jabberId without a
 * domain names a user of the app, because published examples of this API write users so. No listing has a JID that is
 * only a domain, so it cannot mean anything else.
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
    refuseInvalid('jabberId', 'jabberId must be a JID from the list of chat badges, URL-encoded.');
  }
  if (entity === 'foreign') refuseNoEntity();
  // A conversation may be deleted between the query and the command, which is then refused whole.
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
  return refuseNotFound('An entity with this jabberId');
}
