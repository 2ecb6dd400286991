/** Who subscribes to changes: of all apps, or of one. */
import type { Change } from '../push_port.js';

type Listener = (change: Change) => void;

export class ChangeListeners {
  readonly #ofAll = new Set<Listener>();
  readonly #byApp = new Map<string, Set<Listener>>();

  /** Returns a function that unsubscribes. */
  add(listener: Listener, app?: string): () => void {
    if (app === undefined) return this.#addToAll(listener);
    const listeners = this.#byApp.get(app) ?? new Set();
    this.#byApp.set(app, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#byApp.get(app) === listeners) this.#byApp.delete(app);
    };
  }

  /** Whether a caller subscribes to this app by name. */
  has(app: string): boolean {
    return this.#byApp.has(app);
  }

  emit(change: Change): void {
    for (const listener of this.#ofAll) listener(change);
    for (const listener of this.#byApp.get(change.app) ?? []) listener(change);
  }

  #addToAll(listener: Listener): () => void {
    this.#ofAll.add(listener);
    return () => this.#ofAll.delete(listener);
  }
}
