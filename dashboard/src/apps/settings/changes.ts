/** The changes of an app's settings, and the effect of saving them as a sentence. */
import type { App } from '@badged/client/api';

export type Settings = Pick<App, 'name' | 'badge_mode' | 'include_announcements' | 'jabber_domain'>;

export function differences(before: Settings, after: Settings): Partial<Settings> {
  return {
    ...(after.name !== before.name && { name: after.name }),
    ...(after.badge_mode !== before.badge_mode && { badge_mode: after.badge_mode }),
    ...(after.include_announcements !== before.include_announcements && {
      include_announcements: after.include_announcements,
    }),
    ...(after.jabber_domain !== before.jabber_domain && { jabber_domain: after.jabber_domain }),
  };
}

export function consequenceOf({
  badge_mode,
  include_announcements,
  jabber_domain,
}: Partial<Settings>): string {
  const consequences = [];
  if (badge_mode === 'disabled')
    consequences.push('Pushes will have no number, and every icon keeps the last one.');
  else if (badge_mode !== undefined || include_announcements !== undefined)
    consequences.push('All badges change at once, and all devices are updated.');
  if (jabber_domain !== undefined)
    consequences.push('All jabberIds of the app change: clients must list their chat badges again.');
  return consequences.length > 0 ? consequences.join(' ') : 'Only the name changes.';
}
