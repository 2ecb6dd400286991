/** Who hears that clients or tokens of an app changed: what is open because of them is looked at again at once. */
export class OAuthChanges {
  readonly #listeners = new Set<(app: string) => void>();

  /** Returns what ends it. */
  subscribe(listener: (app: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(app: string): void {
    for (const listener of this.#listeners) listener(app);
  }
}
