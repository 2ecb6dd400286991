/**
 * Emits what may have ended someone's access, so that the open streams and sockets that depend on it check theirs again: on this
 * server, and, where there are several, on the others.
 */

/** What access can depend on, apart from its app. */
export interface AccessDependency {
  readonly kind: (typeof kinds)[number];
  readonly id: string;
}

/** `app`: the app was deleted. A session of the dashboard belongs to no app: there, `app` is ''. */
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

/** Undefined for what no version knows. */
export function parseAccessChange(text: string): AccessChange | undefined {
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null) return undefined;
  const [app, id]: unknown[] = [Reflect.get(value, 'app'), Reflect.get(value, 'id')];
  const kind = kinds.find((each) => each === Reflect.get(value, 'kind'));
  return typeof app === 'string' && typeof id === 'string' && kind !== undefined
    ? { app, kind, id }
    : undefined;
}
