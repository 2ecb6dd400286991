/**
 * Who is watched: users of whom something is open (a channel's socket, a stream), and who is told when something
 * of theirs may have changed. Changes that come together are told once. What is told is a hint; whoever hears it
 * asks for the truth.
 */
import type { Service } from '../service/service.js';
import type { Change } from '../store/push_port.js';
import { inTurns } from './in_turns.js';
import type { Round } from './snapshot.js';

type Tell = (round: Round) => void;
type Watchers = Set<Tell>;

/** The users stand for themselves as well: a set of thousands is not made anew for every change. */
interface Watched {
  readonly users: Set<string>;
  readonly watchers: Map<string, Watchers>;
}

export class UserWatches {
  readonly #service: Service;
  readonly #coalesceMs: number;
  readonly #byApp = new Map<string, Watched>();
  readonly #changed = new Set<Tell>();
  /** The store is listened to only while somebody is watched. */
  #unsubscribe: (() => void) | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(service: Service, { coalesceMs }: { readonly coalesceMs: number }) {
    this.#service = service;
    this.#coalesceMs = coalesceMs;
  }

  /** Returns what ends it. */
  watch(app: string, user: string, onChange: Tell): () => void {
    this.#unsubscribe ??= this.#service.store.subscribe((change) => this.#hear(change));
    const watched = this.#byApp.get(app) ?? { users: new Set(), watchers: new Map() };
    const watching = watched.watchers.get(user) ?? new Set();
    this.#byApp.set(app, watched);
    watched.users.add(user);
    watched.watchers.set(user, watching.add(onChange));
    return () => {
      watching.delete(onChange);
      this.#changed.delete(onChange);
      if (watching.size === 0) this.#forget(app, user, watching);
    };
  }

  /** How often this user is watched. */
  count(app: string, user: string): number {
    return this.#byApp.get(app)?.watchers.get(user)?.size ?? 0;
  }

  close(): void {
    this.#byApp.clear();
    this.#stopListening();
    clearTimeout(this.#timer);
  }

  #forget(app: string, user: string, watching: Watchers): void {
    const watched = this.#byApp.get(app);
    // The last of them may have gone twice, and another have come in between.
    if (watched?.watchers.get(user) !== watching) return;
    watched.watchers.delete(user);
    watched.users.delete(user);
    if (watched.users.size === 0) this.#byApp.delete(app);
    if (this.#byApp.size === 0) this.#stopListening();
  }

  #stopListening(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }

  #hear({ app, audience }: Change): void {
    const watched = this.#byApp.get(app);
    if (watched === undefined) return;
    const { store, now } = this.#service;
    store
      .ask(app, { type: 'recipients', audience, users: watched.users, now: now() })
      .then((meant) => {
        for (const user of meant)
          for (const each of watched.watchers.get(user) ?? []) this.#changed.add(each);
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
      // After all of these changes, so that nothing in it can be older than one of them.
      const round: Round = new Map();
      void inTurns(changed, (tell) => tell(round));
    }, this.#coalesceMs);
  }
}
