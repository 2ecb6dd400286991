/** Emits the app whose clients or tokens changed, so that open streams and sockets check their access again. */
export class AccessChanges {
  readonly #listeners = new Set<(app: string) => void>();

  /** Returns a function that unsubscribes. */
  subscribe(listener: (app: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(app: string): void {
    for (const listener of this.#listeners) listener(app);
  }
}
