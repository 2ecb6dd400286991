/**
 * What ended someone's access on any server, for the open streams on the others. It is polled: a stream ends half a second later at
 * most. If a change is not announced because the database is away, streams end with their next heartbeat.
 */
import type { AccessTable } from '../shared_engine.js';

const pollMs = 500;
/** A server that was away for longer has closed its streams. */
const rememberMs = 3_600_000;

export class SharedAccess {
  readonly #table: AccessTable;
  readonly #listeners = new Set<(change: string) => void>();
  #seen = 0;
  #timer: NodeJS.Timeout | undefined;
  #state: 'idle' | 'polling' | 'stopped' = 'idle';

  constructor(table: AccessTable) {
    this.#table = table;
  }

  /** Changes before this moment are not emitted. */
  async start(): Promise<void> {
    this.#seen = await this.#table.last();
  }

  stop(): void {
    this.#state = 'stopped';
    clearTimeout(this.#timer);
  }

  /** For every server, this one included. Resolves once the others will find it. */
  async announce(change: string, now: number): Promise<void> {
    if (this.#state !== 'stopped') await this.#table.add(change, { now, before: now - rememberMs });
  }

  onChange(listener: (change: string) => void): void {
    this.#listeners.add(listener);
    if (this.#state !== 'idle') return;
    this.#state = 'polling';
    this.#schedule();
  }

  async #poll(): Promise<void> {
    for (const { number, change } of await this.#table.after(this.#seen)) {
      this.#seen = number;
      for (const listener of this.#listeners) listener(change);
    }
  }

  #schedule(): void {
    if (this.#state !== 'polling') return;
    this.#timer = setTimeout(() => {
      void this.#poll()
        .catch(() => {})
        .then(() => this.#schedule());
    }, pollMs);
    this.#timer.unref();
  }
}
