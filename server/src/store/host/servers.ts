/**
 * Which servers are alive. Each increments its beat in the database and reads the beats of all others. A server whose beat
 * stands still while this one beats several times is taken for dead and removed, which frees its claims. No clock of another
 * server is read: a server that was stopped itself, or had no database, counts nothing meanwhile.
 */
import { randomUUID } from 'node:crypto';
import type { ServerEvent } from '../push_port.js';
import type { ServerRow, ServerTable } from '../shared_engine.js';

export interface ServersOptions {
  /** Default: 4 seconds. Infinite: only when `beat` is called. */
  readonly beatMs?: number;
}

/** With 4 seconds between two beats, a server is taken for dead after 16 to 24 seconds. */
const defaultBeatMs = 4_000;
const missedBeats = 4;

interface Seen {
  readonly beat: number;
  /** How many of our beats found it unchanged. */
  readonly unchanged: number;
}

export class Servers {
  readonly #table: ServerTable;
  readonly #beatMs: number;
  readonly #listeners = new Set<(event: ServerEvent) => void>();
  #report: () => Promise<string> = async () => '{}';
  #id: string = randomUUID();
  /** The others, as of the last beat. */
  #seen = new Map<string, Seen>();
  #timer: NodeJS.Timeout | undefined;
  #beating: Promise<void> | undefined;
  #state: 'new' | 'alive' | 'left' = 'new';

  constructor(table: ServerTable, { beatMs = defaultBeatMs }: ServersOptions = {}) {
    this.#table = table;
    this.#beatMs = beatMs;
  }

  /** Another one after this server was taken for dead. */
  get id(): string {
    return this.#id;
  }

  /** What other servers read of this one: JSON. */
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

  /** One beat, and what it finds. Rejects while the database is away. */
  beat(): Promise<void> {
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = undefined;
    });
    return this.#beating;
  }

  /** Its claims are free at once. */
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
      // While the database is away, nothing is known of the others.
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
