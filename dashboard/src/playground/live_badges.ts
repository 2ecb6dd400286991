/** The badges of the three users, each from its live stream. */
import { useEffect, useState } from 'react';
import { type Api, apiThrough, isSignedOut } from '../server/api.js';
import { queries } from '../server/queries.js';
import type { CallLog } from './call_log.js';
import { type Person, people } from './people.js';

export type LiveBadge = Awaited<ReturnType<Api['getBadge']>>;
type StreamState = 'connecting' | 'open' | 'waiting';

export interface Heard {
  readonly badge: LiveBadge | undefined;
  readonly error: unknown;
  /** The stream was lost and is not back: the badge may be another one by now. */
  readonly isCut: boolean;
}

export type HeardOf = Readonly<Record<Person, Heard>>;

const nothing: Heard = { badge: undefined, error: undefined, isCut: false };

/** Undefined where nothing was heard yet. What was heard last stays while it does not listen. */
export function useLiveBadges(app: string, listens: boolean, log: CallLog): HeardOf {
  const [heard, setHeard] = useState<HeardOf>({ alice: nothing, bob: nothing, carol: nothing });
  useEffect(() => {
    if (!listens) return;
    const listeners = people.map((person) => {
      const tell = (news: Partial<Heard>) =>
        setHeard((before) => ({ ...before, [person]: { ...before[person], ...news } }));
      return new Listener(app, person, log, tell);
    });
    const forget = onSignOfLife(() => {
      for (const listener of listeners) listener.hurry();
    });
    return () => {
      forget();
      for (const listener of listeners) listener.stop();
    };
  }, [app, listens, log]);
  return heard;
}

class Listener {
  readonly #app: string;
  readonly #person: Person;
  readonly #log: CallLog;
  readonly #tell: (news: Partial<Heard>) => void;
  readonly #why: string;
  #attempt = new AbortController();
  #isWaiting = false;
  #isCut = false;

  constructor(app: string, person: Person, log: CallLog, tell: (news: Partial<Heard>) => void) {
    this.#app = app;
    this.#person = person;
    this.#log = log;
    this.#tell = tell;
    this.#why = `${person}'s phone listens`;
    void this.#listen();
  }

  /** Whoever waits before trying again need not: the server is there. */
  hurry(): void {
    if (!this.#isWaiting) return;
    this.#isWaiting = false;
    this.#attempt.abort();
    this.#attempt = new AbortController();
    void this.#listen();
  }

  stop(): void {
    this.#isWaiting = false;
    this.#attempt.abort();
    this.#log.turn(this.#why, 'paused');
    this.#tell({ isCut: false });
  }

  async #listen(): Promise<void> {
    const { signal } = this.#attempt;
    const of = { app_uuid: this.#app, user_id: this.#person };
    const onState = (state: StreamState) => signal.aborted || this.#turn(state);
    const through = apiThrough(this.#log.through(this.#why));
    try {
      for await (const badge of through.streamBadge({ ...of, conversations: true, signal, onState })) {
        if (signal.aborted) return;
        this.#tell({ badge, error: undefined });
        this.#readChats();
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#log.turn(this.#why, undefined);
      this.#tell({ badge: undefined, error, isCut: false });
      if (isSignedOut(error)) void queries.resetQueries({ queryKey: ['session'] });
    }
  }

  #turn(state: StreamState): void {
    this.#isWaiting = state === 'waiting';
    if (state === 'connecting') return;
    const wasCut = this.#isCut;
    this.#isCut = state === 'waiting';
    this.#log.turn(this.#why, this.#isCut ? 'cut' : 'live');
    this.#tell({ isCut: this.#isCut });
    // Meanwhile the list may have failed, and the stream says nothing where the badge is as it was.
    if (wasCut && !this.#isCut) this.#readChats();
  }

  #readChats(): void {
    void queries.invalidateQueries({ queryKey: chatsKey(this.#app, this.#person) });
  }
}

/** Any other call that was answered as it should be, or the browser's word that it is connected again. */
function onSignOfLife(told: () => void): () => void {
  const forgetQueries = queries.getQueryCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success') told();
  });
  const forgetMutations = queries.getMutationCache().subscribe((event) => {
    if (event.type === 'updated' && event.action.type === 'success') told();
  });
  window.addEventListener('online', told);
  return () => {
    forgetQueries();
    forgetMutations();
    window.removeEventListener('online', told);
  };
}

/** Of the query for a person's conversations. */
export function chatsKey(app: string, person: Person): readonly string[] {
  return ['chats', app, person];
}
