/** The names and descriptions of the badge modes. */
import type { App, BadgeMode } from '@badged/client/api';

interface ModeWords {
  readonly mode: BadgeMode;
  readonly name: string;
  readonly about: string;
}

/** The default first. */
export const modes: readonly ModeWords[] = [
  { mode: 'unread_messages', name: 'Unread messages', about: 'Every unread message counts.' },
  {
    mode: 'unread_conversations',
    name: 'Unread conversations',
    about: 'Each unread conversation counts once.',
  },
  { mode: 'external', name: 'External count only', about: 'Only the number that your backend sets.' },
  { mode: 'disabled', name: 'Disabled', about: 'Pushes have no number. Icons keep the last one.' },
];

export function isMode(text: string): text is BadgeMode {
  return modes.some(({ mode }) => mode === text);
}

/** A short text for a list. */
export function modeWords({ badge_mode, include_announcements }: App): string {
  const name = modes.find(({ mode }) => mode === badge_mode)?.name ?? badge_mode;
  return include_announcements && badge_mode !== 'disabled' ? `${name} and announcements` : name;
}
