/**
 * Jabber ids of users and conversations. Their id becomes the local part of a JID by XEP-0106, which escapes
 * the characters that a local part may not hold (RFC 7622, section 3.3.1) and can be undone exactly.
 */
import { parseUuid } from './uuid.js';

/** XEP-0106, section 4.2: what is escaped, apart from the backslash. */
const escapes: ReadonlyMap<string, string> = new Map(
  [' ', '"', '&', "'", '/', ':', '<', '>', '@'].map((character) => [character, sequence(character)]),
);
const characters: ReadonlyMap<string, string> = new Map(
  [...escapes, ['\\', sequence('\\')]].map(([character = '', escaped = '']) => [escaped, character]),
);

/** What a user chats with: another person, or a room with any other number of participants. */
export type ChatEntity =
  | { readonly type: 'person'; readonly user: string }
  | { readonly type: 'group'; readonly conversation: string };

const roomPrefix = 'conference.';

/**
 * The id as a local part. A backslash is escaped only where it would be read as the start of an escape: XEP-0106
 * requires it, and a text without forbidden characters stays as it is.
 */
export function escapeLocalPart(text: string): string {
  return text.replace(/\\(?=20|22|26|27|2f|3a|3c|3e|40|5c)|[ "&'/:<>@]/g, (found) =>
    found === '\\' ? sequence('\\') : (escapes.get(found) ?? found),
  );
}

/** Undoes escapeLocalPart. Text that is not an escape sequence stays as it is. */
export function unescapeLocalPart(text: string): string {
  return text.replace(/\\(20|22|26|27|2f|3a|3c|3e|40|5c)/g, (found) => characters.get(found) ?? found);
}

export function jidOf(entity: ChatEntity, domain: string): string {
  return entity.type === 'person'
    ? `${escapeLocalPart(entity.user)}@${domain}`
    : `${escapeLocalPart(entity.conversation)}@${roomPrefix}${domain}`;
}

/**
 * The user or room that a JID of this domain names. 'foreign': a JID that names neither; undefined: not a JID.
 * The domain is compared without regard to case, as domain names are. The local part is compared exactly, except
 * that a room may be named by its UUID in any case.
 */
export function parseJid(jid: string, domain: string): ChatEntity | 'foreign' | undefined {
  const [, local, host] = /^([^@]+)@([^@/\s]+)$/.exec(jid) ?? [];
  if (local === undefined || host === undefined || /[ "&'/:<>]/.test(local)) return undefined;
  const named = host.toLowerCase();
  const id = unescapeLocalPart(local);
  // A local part that escaping never produces is not the name it unescapes to.
  if (escapeLocalPart(id) !== local) return 'foreign';
  if (named === domain) return { type: 'person', user: id };
  return named === `${roomPrefix}${domain}`
    ? { type: 'group', conversation: parseUuid(id) ?? id }
    : 'foreign';
}

function sequence(character: string): string {
  return `\\${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
