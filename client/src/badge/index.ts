/** The browser badge: a user's number on the app's icon, on the tab's icon and in the title. */
export type { Badge } from './badge.js';
export type { TokenSource } from './badge_connection.js';
export type { FaviconOptions } from './favicon.js';
export { type BadgeWatch, type WatchOptions, type WatchState, watchBadge } from './watch_badge.js';
