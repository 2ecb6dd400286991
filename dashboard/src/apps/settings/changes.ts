/** What was changed of an app's settings, and in a sentence what saving it does. */
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
    consequences.push('From then on no push carries a number, and every icon keeps the one it shows.');
  else if (badge_mode !== undefined || include_announcements !== undefined)
    consequences.push("Every user's badge changes at once, and all devices are brought up to date.");
  if (jabber_domain !== undefined)
    consequences.push('Every jabberId of the app changes: clients have to list their chat badges again.');
  return consequences.length > 0 ? consequences.join(' ') : 'Only the name changes. No device notices.';
}
