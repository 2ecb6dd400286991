/**
 * The users who have a channel's socket or a stream open, and what is notified when something of theirs may have
 * changed. Changes that come together cause one notification. It is a hint: the subscriber reads the store for the truth.
 */
import type { Service } from '../service/service.js';
import type { Change } from '../store/push_port.js';
import { fanOut } from './fan_out.js';
import type { SharedReads } from './snapshot.js';

type OnChange = (shared: SharedReads) => void;
type Watchers = Set<OnChange>;

/** The users are the keys of the watchers, as a set that the store can be asked with: thousands are not copied for each change. */
interface Watched {
  readonly users: Set<string>;
  readonly watchers: Map<string, Watchers>;
  /** From the app's changes. */
  readonly unsubscribe: () => void;
}

export class UserWatches {
  readonly #service: Service;
  readonly #coalesceMs: number;
  readonly #byApp = new Map<string, Watched>();
  readonly #changed = new Set<OnChange>();
  #timer: NodeJS.Timeout | undefined;

  constructor(service: Service, { coalesceMs }: { readonly coalesceMs: number }) {
    this.#service = service;
    this.#coalesceMs = coalesceMs;
  }

  /** Calls back after each change that may concern this user. Returns what ends the watch. */
  watch(app: string, user: string, onChange: OnChange): () => void {
    const watched = this.#byApp.get(app) ?? this.#subscribe(app);
    const watching = watched.watchers.get(user) ?? new Set();
    watched.users.add(user);
    watched.watchers.set(user, watching.add(onChange));
    return () => {
      watching.delete(onChange);
      this.#changed.delete(onChange);
      if (watching.size === 0) this.#forget(app, user, watching);
    };
  }

  /** How many watches this user has. */
  count(app: string, user: string): number {
    return this.#byApp.get(app)?.watchers.get(user)?.size ?? 0;
  }

  close(): void {
    for (const { unsubscribe } of this.#byApp.values()) unsubscribe();
    this.#byApp.clear();
    clearTimeout(this.#timer);
  }

  #forget(app: string, user: string, watching: Watchers): void {
    const watched = this.#byApp.get(app);
    // A watch may be ended twice, and another of the same user may have begun in between.
    if (watched?.watchers.get(user) !== watching) return;
    watched.watchers.delete(user);
    watched.users.delete(user);
    if (watched.users.size > 0) return;
    watched.unsubscribe();
    this.#byApp.delete(app);
  }

  /** An app's changes are subscribed to only while one of its users is watched. */
  #subscribe(app: string): Watched {
    const unsubscribe = this.#service.store.subscribe((change) => this.#onChange(change), app);
    const watched = { users: new Set<string>(), watchers: new Map<string, Watchers>(), unsubscribe };
    this.#byApp.set(app, watched);
    return watched;
  }

  #onChange({ app, audience }: Change): void {
    const watched = this.#byApp.get(app);
    if (watched === undefined) return;
    const { store, now } = this.#service;
    store
      .ask(app, { type: 'recipients', audience, users: watched.users, now: now() })
      .then((recipients) => {
        for (const user of recipients)
          for (const each of watched.watchers.get(user) ?? []) this.#changed.add(each);
        this.#schedule();
      })
      // The store is closing or out of reach: the next heartbeat refreshes every watcher.
      .catch(() => {});
  }

  #schedule(): void {
    if (this.#changed.size === 0) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const changed = [...this.#changed];
      this.#changed.clear();
      // Made after all of these changes, so that no read in it is older than one of them.
      const shared: SharedReads = new Map();
      void fanOut('', changed, (notify) => notify(shared));
    }, this.#coalesceMs);
  }
}
