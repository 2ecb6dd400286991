/**
 * Detects dead servers. Each server increments its own number in the database, its beat, every few seconds, and reads the
 * beats of the others. A server whose beat stays the same during several beats of this one is taken for dead and removed,
 * which frees its claims. No server reads another's clock, and a server that was suspended itself, or could not reach the
 * database, counts no beats meanwhile.
 */
import { randomUUID } from 'node:crypto';
import type { ServerEvent } from '../push_port.js';
import type { ServerRow, ServerTable } from '../shared_engine.js';

export interface ServersOptions {
  /** The time between two beats. Default: 4 seconds. Infinity: no timer; a test calls `beat`. */
  readonly beatMs?: number;
}

/** With 4 seconds between two beats, a server is taken for dead 16 to 24 seconds after its last beat. */
const defaultBeatMs = 4_000;
const missedBeats = 4;

interface Seen {
  readonly beat: number;
  /** The number of this server's beats since it last changed. */
  readonly unchanged: number;
}

export class Servers {
  readonly #table: ServerTable;
  readonly #beatMs: number;
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  #report: () => Promise<string> = async () => '{}';
  #id: string = randomUUID();
  /** The other servers, as read at the last beat. */
  #seen = new Map<string, Seen>();
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #state: 'new' | 'alive' | 'left' = 'new';

  constructor(table: ServerTable, { beatMs = defaultBeatMs }: ServersOptions = {}) {
    this.#table = table;
    this.#beatMs = beatMs;
  }

  /** A server that was taken for dead gets a new id. */
  get id(): string {
    return this.#id;
  }

  /** Returns the report of this server that the others read, as JSON. */
  set report(report: () => Promise<string>) {
    this.#report = report;
  }

  onEvent(listener: (event: ServerEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  list(): Promise<readonly ServerRow[]> {
    return this.#table.list();
  }

  async join(): Promise<void> {
    await this.#table.join(this.#id, await this.#report());
    this.#state = 'alive';
    this.#note(await this.#table.list());
    this.#schedule();
  }

  /** Beats once, and removes the servers that are dead. Rejects while the database cannot be reached. */
  beat(): Promise<void> {
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined;
    });
    return this.#beating;
  }

  /** Removes this server from the table, which frees its claims at once. */
  async leave(): Promise<void> {
    this.#state = 'left';
    clearTimeout(this.#timer);
    await this.#beating?.catch(() => {});
    await this.#table.remove(this.#id);
  }

  async #beat(): Promise<void> {
    const report = await this.#report();
    if (this.#state !== 'alive') return;
    if (!(await this.#table.beat(this.#id, report))) {
      this.#id = randomUUID();
      await this.#table.join(this.#id, report);
      this.#emit('taken_for_gone');
    }
    const rows = await this.#table.list();
    const before = [...this.#seen.keys()];
    this.#note(rows);
    let isAnotherGone = before.some((id) => !this.#seen.has(id));
    for (const [id, { beat, unchanged }] of this.#seen) {
      if (unchanged < missedBeats) continue;
      await this.#table.remove(id, beat);
      this.#seen.delete(id);
      isAnotherGone = true;
    }
    if (isAnotherGone) this.#emit('another_gone');
  }

  #note(rows: readonly ServerRow[]): void {
    const others = rows.filter(({ id }) => id !== this.#id);
    this.#seen = new Map(
      others.map(({ id, beat }) => {
        const seen = this.#seen.get(id);
        return [id, { beat, unchanged: seen?.beat === beat ? seen.unchanged + 1 : 0 }];
      }),
    );
  }

  #schedule(): void {
    if (this.#state !== 'alive' || this.#beatMs === Number.POSITIVE_INFINITY) return;
    this.#timer = setTimeout(() => {
      // Without the database, nothing is learned about the others: the next beat tries again.
      void this.beat()
        .catch(() => {})
        .then(() => this.#schedule());
    }, this.#beatMs);
    this.#timer.unref();
  }

  #emit(event: ServerEvent): void {
    if (this.#state !== 'alive') return;
    for (const listener of this.#listeners) listener(event);
  }
}
