/** Every HTTP call that the playground makes for a click, as it was sent and what came of it. */
import { useSyncExternalStore } from 'react';
import type { SentCall } from './curl.js';

export interface Answered {
  /** 0: no answer came. */
  readonly status: number;
  readonly ms: number;
  /** Undefined for a stream, which does not end. */
  readonly text: string | undefined;
}

export interface LoggedCall extends SentCall {
  readonly id: number;
  /** What the call is for, in words. */
  readonly why: string;
  readonly answered: Answered | undefined;
  /** Of a stream that was opened. */
  readonly connection: Connection | undefined;
}

/** paused: by this page, which listens no longer. */
export type Connection = 'live' | 'cut' | 'paused';

const mostKept = 100;

export class CallLog {
  #calls: readonly LoggedCall[] = [];
  #made = 0;
  readonly #listeners = new Set<() => void>();
  readonly #streams = new Map<string, number>();

  /** Fetches, and keeps what was asked and answered. */
  through(why: string): typeof fetch {
    return async (input, init) => {
      const request = new Request(input, init);
      const id = await this.#begin(why, request);
      const begun = performance.now();
      const response = await fetch(request).catch((error: unknown) => {
        this.#end(id, { status: 0, ms: since(begun), text: String(error) });
        throw error;
      });
      const ms = since(begun);
      const text = isStream(response) ? undefined : await response.clone().text();
      this.#end(id, { status: response.status, ms, text });
      return response;
    };
  }

  /** Newest first. */
  readonly calls = (): readonly LoggedCall[] => this.#calls;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly clear = (): void => this.#set([]);

  /** What has become of the stream that was opened for this. */
  turn(why: string, connection: Connection | undefined): void {
    this.#set(this.#calls.map((call) => (call.why === why ? { ...call, connection } : call)));
  }

  async #begin(why: string, request: Request): Promise<number> {
    const { method, url, headers } = request;
    const content = await request.clone().text();
    const body = content === '' ? undefined : content;
    // A stream is opened again each time it was cut: that is no other call, but this one's state.
    const known = this.#streams.get(url);
    if (known !== undefined) return known;
    this.#made += 1;
    const id = this.#made;
    if (headers.get('accept') === 'text/event-stream') this.#streams.set(url, id);
    const sent = { method, url, headers: [...headers], body };
    const call = { id, why, ...sent, answered: undefined, connection: undefined };
    this.#set([call, ...this.#calls].slice(0, mostKept));
    return id;
  }

  #end(id: number, answered: Answered): void {
    this.#set(this.#calls.map((call) => (call.id === id ? { ...call, answered } : call)));
  }

  #set(calls: readonly LoggedCall[]): void {
    this.#calls = calls;
    for (const listener of this.#listeners) listener();
  }
}

export function useCalls(log: CallLog): readonly LoggedCall[] {
  return useSyncExternalStore(log.subscribe, log.calls);
}

function isStream({ headers }: Response): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') === true;
}

function since(begun: number): number {
  return Math.round(performance.now() - begun);
}
