/**
 * Who is watched: users of whom something is open (a channel's socket, a stream), and who is told when something
 * of theirs may have changed. Changes that come together are told once. What is told is a hint; whoever hears it
 * asks for the truth.
 */
import type { Service } from '../service/service.js';
import type { Change } from '../store/push_port.js';

export class UserWatches {
  readonly #service: Service;
  readonly #coalesceMs: number;
  readonly #byApp = new Map<string, Map<string, Set<() => void>>>();
  readonly #changed = new Set<() => void>();
  /** The store is listened to only while somebody is watched. */
  #unsubscribe: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(service: Service, { coalesceMs }: { readonly coalesceMs: number }) {
    this.#service = service;
    this.#coalesceMs = coalesceMs;
  }

  /** Returns what ends it. */
  watch(app: string, user: string, onChange: () => void): () => void {
    this.#unsubscribe ??= this.#service.store.subscribe((change) => this.#hear(change));
    const users = this.#byApp.get(app) ?? new Map<string, Set<() => void>>();
    const watching = users.get(user) ?? new Set();
    this.#byApp.set(app, users.set(user, watching.add(onChange)));
    return () => {
      watching.delete(onChange);
      this.#changed.delete(onChange);
      if (watching.size === 0 && users.get(user) === watching) users.delete(user);
      if (users.size === 0 && this.#byApp.get(app) === users) this.#byApp.delete(app);
      if (this.#byApp.size === 0) this.#stopListening();
    };
  }

  close(): void {
    this.#byApp.clear();
    this.#stopListening();
    clearTimeout(this.#timer);
  }

  #stopListening(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #hear({ app, audience }: Change): void {
    const users = this.#byApp.get(app);
    if (users === undefined) return;
    const { store, now } = this.#service;
    store
      .among(app, audience, new Set(users.keys()), now())
      .then((meant) => {
        for (const user of meant) for (const each of users.get(user) ?? []) this.#changed.add(each);
        this.#schedule();
      })
      // The store is closing, or out of reach: every watcher looks for itself again in a while.
      .catch(() => {});
  }

  #schedule(): void {
    if (this.#changed.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const changed = [...this.#changed];
      this.#changed.clear();
      for (const tell of changed) tell();
    }, this.#coalesceMs);
  }
}
