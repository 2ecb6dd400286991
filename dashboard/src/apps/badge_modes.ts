/** The badge modes in words. */
import type { App, BadgeMode } from '@badged/client/api';

interface ModeWords {
  readonly mode: BadgeMode;
  readonly name: string;
  readonly about: string;
}

/** The default first, then from the fewest numbers to none. */
export const modes: readonly ModeWords[] = [
  { mode: 'unread_messages', name: 'Unread messages', about: 'Every unread message counts.' },
  {
    mode: 'unread_conversations',
    name: 'Unread conversations',
    about: 'Each conversation with something unread counts once.',
  },
  { mode: 'external', name: 'External count only', about: 'What your backend sets. Messages do not count.' },
  { mode: 'disabled', name: 'Disabled', about: 'No push carries a number. Icons keep the one they show.' },
];

export function isMode(text: string): text is BadgeMode {
  return modes.some(({ mode }) => mode === text);
}

/** In a few words, for a list. */
export function modeWords({ badge_mode, include_announcements }: App): string {
  const name = modes.find(({ mode }) => mode === badge_mode)?.name ?? badge_mode;
  return include_announcements && badge_mode !== 'disabled' ? `${name} and announcements` : name;
}
