/** A user's badge, which each event of its stream has whole; and how untrusted JSON is parsed into one. */

export interface Badge {
  /** The number on an icon. 0 shows nothing; null means that badges are disabled, and an icon stays as it is. */
  readonly badge: number | null;
  readonly badge_mode: string;
  readonly external_unread_count: number;
  readonly unread_conversation_count: number;
  readonly unread_message_count: number;
  readonly unread_announcement_count: number;
}

/** A badge, and the event id that stands for its content. */
export interface Snapshot {
  readonly id: string;
  readonly badge: Badge;
}

/** Undefined if it is no badge. Unknown fields are left out. */
export function parseBadge(value: unknown): Badge | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const field = (name: string): unknown => Reflect.get(value, name);
  const count = (name: string): number => {
    const found = field(name);
    return isCount(found) ? found : 0;
  };
  const badge = field('badge');
  const mode = field('badge_mode');
  if (badge !== null && !isCount(badge)) return undefined;
  return {
    badge,
    badge_mode: typeof mode === 'string' ? mode : '',
    external_unread_count: count('external_unread_count'),
    unread_conversation_count: count('unread_conversation_count'),
    unread_message_count: count('unread_message_count'),
    unread_announcement_count: count('unread_announcement_count'),
  };
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
