/** Emits what may have ended someone's access, so that the open streams and sockets that depend on it check theirs again. */

/** What access can depend on, apart from its app. */
export interface AccessDependency {
  readonly kind: 'client' | 'grant' | 'token' | 'channel';
  readonly id: string;
}

/** `app`: the app was deleted. */
export type AccessChange = { readonly app: string } & (AccessDependency | { readonly kind: 'app' });

export class AccessChanges {
  readonly #listeners = new Set<(change: AccessChange) => void>();

  /** Returns a function that unsubscribes. */
  subscribe(listener: (change: AccessChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(change: AccessChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}
