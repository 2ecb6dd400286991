/** The badge: one number computed from a user's counts by the app's mode. Source: Layer's badge modes. */
export const badgeModes = ['unread_messages', 'unread_conversations', 'external', 'disabled'] as const;
export type BadgeMode = (typeof badgeModes)[number];

export interface BadgeSettings {
  readonly mode: BadgeMode;
  /** Whether unread announcements are added to each mode that has a badge. */
  readonly includeAnnouncements: boolean;
}

export interface BadgeCounts {
  readonly externalUnreadCount: number;
  readonly unreadConversationCount: number;
  readonly unreadMessageCount: number;
  readonly unreadAnnouncementCount: number;
}

/** The number a push carries; null if badges are disabled, which is not the same as 0. */
export function badge(counts: BadgeCounts, settings: BadgeSettings): number | null {
  if (settings.mode === 'disabled') return null;
  const announcements = settings.includeAnnouncements ? counts.unreadAnnouncementCount : 0;
  return ofMessages(counts, settings.mode) + counts.externalUnreadCount + announcements;
}

function ofMessages(counts: BadgeCounts, mode: Exclude<BadgeMode, 'disabled'>): number {
  switch (mode) {
    case 'unread_messages':
      return counts.unreadMessageCount;
    case 'unread_conversations':
      return counts.unreadConversationCount;
    case 'external':
      return 0;
  }
}

/** Whether a message counts in the badge of a participant: always, when it mentions them, or never (muted). */
export const notificationLevels = ['all', 'mentions', 'none'] as const;
export type NotificationLevel = (typeof notificationLevels)[number];
