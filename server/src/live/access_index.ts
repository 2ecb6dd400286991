/** Open streams and sockets by what their access depends on: a change is checked by those it may concern, and no others. */
import type { AccessChange, AccessDependency } from '../service/oauth/access_changes.js';

export class AccessIndex<T> {
  readonly #holders = new Map<string, Set<T>>();

  /** Returns what removes the holder. */
  add(app: string, dependencies: readonly AccessDependency[], holder: T): () => void {
    const keys = [keyOf({ app, kind: 'app' }), ...dependencies.map((each) => keyOf({ app, ...each }))];
    for (const key of keys) {
      const holders = this.#holders.get(key) ?? new Set();
      this.#holders.set(key, holders.add(holder));
    }
    return () => {
      for (const key of keys) this.#remove(key, holder);
    };
  }

  /** Those whose access the change may end. */
  concerned(change: AccessChange): Iterable<T> {
    return this.#holders.get(keyOf(change)) ?? [];
  }

  #remove(key: string, holder: T): void {
    const holders = this.#holders.get(key);
    holders?.delete(holder);
    if (holders?.size === 0) this.#holders.delete(key);
  }
}

function keyOf(change: AccessChange): string {
  if (change.kind === 'app') return change.app;
  // A session of the dashboard is for every app.
  return change.kind === 'session' ? `session ${change.id}` : `${change.app} ${change.kind} ${change.id}`;
}
