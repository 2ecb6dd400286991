/** The recently viewed users, stored in this browser: the API has no list of users. */
const key = 'badged.recent-users';
const most = 8;

export interface RecentUser {
  readonly app: string;
  readonly user: string;
}

/** Newest first. */
export function recentUsers(app: string): readonly string[] {
  return read()
    .filter((each) => each.app === app)
    .map(({ user }) => user);
}

export function rememberUser(app: string, user: string): void {
  const others = read().filter((each) => each.app !== app || each.user !== user);
  localStorage.setItem(key, JSON.stringify([{ app, user }, ...others].slice(0, most)));
}

function read(): readonly RecentUser[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(stored) ? stored.filter(isRecentUser) : [];
  } catch {
    return [];
  }
}

function isRecentUser(value: unknown): value is RecentUser {
  if (typeof value !== 'object' || value === null) return false;
  return typeof Reflect.get(value, 'app') === 'string' && typeof Reflect.get(value, 'user') === 'string';
}
