/** Who and what every random sequence is about, and how each begins. */
import type { Command } from '@badged/core';
import type { App } from '../../../src/store/port.js';
import { now, uuid } from '../scenario.js';

/** The last one is seldom named, and so often unknown. */
export const users = ['ann', 'bob', 'cem', '__proto__', 'é🦊', 'zoe'] as const;
/** UUIDs and other texts. The last one is never created. */
export const conversations = [uuid(0xc1), 'room-42', '__proto__', uuid(0xc4), 'room-43'] as const;
export const announcements = [uuid(0xa1), uuid(0xa2), uuid(0xa3), uuid(0xa4), uuid(0xa5)] as const;
/** How far the clock moves with every step. */
export const stepMs = 10;

export type AppIndex = 0 | 1;

/** Every sequence starts with some conversations, so that little of it is refused for want of any. */
export const prelude: readonly Command[] = [
  created(conversations[0], ['ann', 'bob', 'cem', '__proto__'], false),
  created(conversations[1], ['ann', 'bob'], true),
  created(conversations[2], ['bob', 'cem', 'é🦊'], false),
];

function created(id: string, participants: readonly string[], distinct: boolean): Command {
  return { type: 'create_conversation', id, participants, distinct, metadata: null, at: now };
}

export function settingsOf(index: AppIndex): App['settings'] {
  return {
    mode: index === 0 ? 'unread_messages' : 'unread_conversations',
    includeAnnouncements: index === 0,
  };
}
