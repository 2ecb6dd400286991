/** The log of the playground's HTTP calls: each request and its response. */
import { useSyncExternalStore } from 'react';
import type { SentCall } from './curl.js';

export interface LoggedResponse {
  /** 0 if no response arrived. */
  readonly status: number;
  readonly ms: number;
  /** Undefined for a stream, which does not end. */
  readonly text: string | undefined;
}

export interface LoggedCall extends SentCall {
  readonly id: number;
  /** The purpose of the call. */
  readonly why: string;
  readonly response: LoggedResponse | undefined;
  /** The state of a stream; undefined for other calls. */
  readonly connection: Connection | undefined;
}

/** `cut`: the connection is lost. `paused`: this page closed it. */
export type Connection = 'live' | 'cut' | 'paused';

const maxCalls = 100;

export class CallLog {
  #calls: readonly LoggedCall[] = [];
  #made = 0;
  readonly #listeners = new Set<() => void>();
  readonly #streams = new Map<string, number>();

  /** A `fetch` that logs each request and its response. */
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

  /** Sets the state of the stream with this purpose. */
  setConnection(why: string, connection: Connection | undefined): void {
    this.#set(this.#calls.map((call) => (call.why === why ? { ...call, connection } : call)));
  }

  async #begin(why: string, request: Request): Promise<number> {
    const { method, url, headers } = request;
    const content = await request.clone().text();
    const body = content === '' ? undefined : content;
    // A reconnect of a stream is the same call in another state.
    const known = this.#streams.get(url);
    if (known !== undefined) return known;
    this.#made += 1;
    const id = this.#made;
    if (headers.get('accept') === 'text/event-stream') this.#streams.set(url, id);
    const sent = { method, url, headers: [...headers], body };
    const call = { id, why, ...sent, response: undefined, connection: undefined };
    this.#set([call, ...this.#calls].slice(0, maxCalls));
    return id;
  }

  #end(id: number, response: LoggedResponse): void {
    this.#set(this.#calls.map((call) => (call.id === id ? { ...call, response } : call)));
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
