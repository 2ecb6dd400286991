/** The badges of the three users, each from its live stream. */
import { useEffect, useState } from 'react';
import { type Api, apiThrough, isSignedOut } from '../server/api.js';
import { queries } from '../server/queries.js';
import type { CallLog } from './call_log.js';
import { type Person, people } from './people.js';

export type LiveBadge = Awaited<ReturnType<Api['getBadge']>>;
type StreamState = 'connecting' | 'open' | 'waiting';

export interface PersonStream {
  readonly badge: LiveBadge | undefined;
  readonly error: unknown;
  /** The connection is lost: the badge may be out of date. */
  readonly isDisconnected: boolean;
}

export type StreamStates = Readonly<Record<Person, PersonStream>>;

const nothing: PersonStream = { badge: undefined, error: undefined, isDisconnected: false };

/** The last badge of each user remains while `isActive` is false. */
export function useLiveBadges(app: string, isActive: boolean, log: CallLog): StreamStates {
  const [streams, setStreams] = useState<StreamStates>({ alice: nothing, bob: nothing, carol: nothing });
  useEffect(() => {
    if (!isActive) return;
    const listeners = people.map((person) => {
      const update = (change: Partial<PersonStream>) =>
        setStreams((before) => ({ ...before, [person]: { ...before[person], ...change } }));
      return new BadgeStream(app, person, log, update);
    });
    const unsubscribe = onServerReachable(() => {
      for (const stream of listeners) stream.retryNow();
    });
    return () => {
      unsubscribe();
      for (const stream of listeners) stream.stop();
    };
  }, [app, isActive, log]);
  return streams;
}

class BadgeStream {
  readonly #app: string;
  readonly #person: Person;
  readonly #log: CallLog;
  readonly #update: (change: Partial<PersonStream>) => void;
  readonly #why: string;
  #attempt = new AbortController();
  #isWaiting = false;
  #isDisconnected = false;

  constructor(app: string, person: Person, log: CallLog, update: (change: Partial<PersonStream>) => void) {
    this.#app = app;
    this.#person = person;
    this.#log = log;
    this.#update = update;
    this.#why = `Live badge of ${person}`;
    void this.#open();
  }

  /** Ends the pause before a reconnect, because the server is reachable. */
  retryNow(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#attempt.abort();
    this.#attempt = new AbortController();
    void this.#open();
  }

  stop(): void {
    this.#isWaiting = false;
    this.#attempt.abort();
    this.#log.setConnection(this.#why, 'paused');
    this.#update({ isDisconnected: false });
  }

  async #open(): Promise<void> {
    const { signal } = this.#attempt;
    const of = { app_uuid: this.#app, user_id: this.#person };
    const onState = (state: StreamState) => signal.aborted || this.#setState(state);
    const through = apiThrough(this.#log.through(this.#why));
    try {
      for await (const badge of through.streamBadge({ ...of, conversations: true, signal, onState })) {
        if (signal.aborted) return;
        this.#update({ badge, error: undefined });
        this.#reloadChats();
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#log.setConnection(this.#why, undefined);
      this.#update({ badge: undefined, error, isDisconnected: false });
      if (isSignedOut(error)) void queries.resetQueries({ queryKey: ['session'] });
    }
  }

  #setState(state: StreamState): void {
    this.#isWaiting = state === 'waiting';
    if (state === 'connecting') return;
    const wasDisconnected = this.#isDisconnected;
    this.#isDisconnected = state === 'waiting';
    this.#log.setConnection(this.#why, this.#isDisconnected ? 'cut' : 'live');
    this.#update({ isDisconnected: this.#isDisconnected });
    // The list may have failed meanwhile, and the stream emits nothing if the badge is the same.
    if (wasDisconnected && !this.#isDisconnected) this.#reloadChats();
  }

  #reloadChats(): void {
    void queries.invalidateQueries({ queryKey: chatsKey(this.#app, this.#person) });
  }
}

/** Calls back when another call succeeds, or when the browser is online again. */
function onServerReachable(onSuccess: () => void): () => void {
  const unsubscribeQueries = queries.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success') onSuccess();
  });
  const unsubscribeMutations = queries.getMutationCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success') onSuccess();
  });
  window.addEventListener('online', onSuccess);
  return () => {
    unsubscribeQueries();
    unsubscribeMutations();
    window.removeEventListener('online', onSuccess);
  };
}

/** The query key of a person's conversations. */
export function chatsKey(app: string, person: Person): readonly string[] {
  return ['chats', app, person];
}
