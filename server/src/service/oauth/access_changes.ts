/**
 * Emits an event for each change that may end a user's access. Open streams and sockets subscribe, and check again whether
 * their own access is still valid. Where there are several servers, compose.ts passes the events on to the others.
 */

/** What a stream's access depends on, beside its app. */
export interface AccessDependency {
  readonly kind: (typeof kinds)[number];
  readonly id: string;
}

/**
 * The app that was deleted, or what was revoked or ended in the app. A session of the dashboard belongs to no app: its
 * `app` is ''.
 */
export type AccessChange = { readonly app: string } & (AccessDependency | { readonly kind: 'app' });

export type Origin = 'here' | 'another_server';

const kinds = ['client', 'grant', 'token', 'channel', 'session'] as const;

export class AccessChanges {
  readonly #listeners = new Set<(change: AccessChange, origin: Origin) => void>();

  /** Returns a function that unsubscribes. */
  subscribe(listener: (change: AccessChange, origin: Origin) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(change: AccessChange, origin: Origin = 'here'): void {
    for (const listener of this.#listeners) listener(change, origin);
  }
}

/** Parses the JSON of a change. Undefined for a kind of change that this version does not know. */
export function parseAccessChange(text: string): AccessChange | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const [app, id]: unknown[] = [Reflect.get(value, 'app'), Reflect.get(value, 'id')];
  const kind = kinds.find((each) => each === Reflect.get(value, 'kind'));
  return typeof app === 'string' && typeof id === 'string' && kind !== undefined
    ? { app, kind, id }
    : undefined;
}
