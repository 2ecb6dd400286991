/**
 * Background checkpoints: the rows that changed are written into their tables, a few at a time between
 * commits, and then the journal row up to which that is complete. A row is written as it is at that moment; why
 * rows of different moments fit together is in docs/decisions/0002-fuzzy-checkpoints.md.
 */
import { type Changed, snapshot } from '@badged/core';
import type { LoadedApp, LoadedApps } from './apps.js';
import { type Connection, setSynchronous } from './database.js';
import type { Journal } from './journal.js';
import type { ChosenIds } from './message_ids.js';
import { CheckpointTables } from './rows.js';

export interface CheckpointPace {
  /** A checkpoint begins when the journal has grown by this many rows since the last one began … */
  readonly journalRows: number;
  /** … or, if it has grown at all, after this time. */
  readonly intervalMs: number;
  /** How many rows are written at a time, in a millisecond or two. */
  readonly rowsPerBite: number;
  readonly pauseMs: number;
}

export const defaultPace: CheckpointPace = {
  journalRows: 20_000,
  intervalMs: 60_000,
  rowsPerBite: 256,
  pauseMs: 5,
};

export class Checkpointer {
  readonly #connection: Connection;
  readonly #apps: LoadedApps;
  readonly #journal: Journal;
  readonly #chosen: ChosenIds;
  readonly #pace: CheckpointPace;
  readonly #isDurable: boolean;
  readonly #tables: CheckpointTables;
  readonly #finish;
  #begunAt: number;
  #begunTime = Date.now();
  #steps: Generator<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #onFatal: (error: Error) => void;

  constructor(
    connection: Connection,
    parts: { apps: LoadedApps; journal: Journal; chosen: ChosenIds },
    options: { pace: CheckpointPace; isDurable: boolean; onFatal: (error: Error) => void },
  ) {
    this.#connection = connection;
    this.#apps = parts.apps;
    this.#journal = parts.journal;
    this.#chosen = parts.chosen;
    this.#pace = options.pace;
    this.#isDurable = options.isDurable;
    this.#onFatal = options.onFatal;
    this.#tables = new CheckpointTables(connection);
    this.#finish = connection.prepare<[number]>('update checkpoint set seq = ? where id = 1');
    this.#begunAt = completedCheckpoint(connection);
  }

  start(): void {
    this.#timer = setTimeout(() => this.#tick(), this.#steps === undefined ? 100 : this.#pace.pauseMs);
    this.#timer.unref();
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  /** Everything up to now, at once. */
  run(): void {
    while (this.#steps !== undefined) this.#bite();
    do this.#bite();
    while (this.#steps !== undefined);
  }

  #tick(): void {
    try {
      if (this.#steps !== undefined || this.#isDue()) this.#bite();
    } catch (error) {
      this.#onFatal(error instanceof Error ? error : new Error(String(error)));
      return;
    }
    this.start();
  }

  #isDue(): boolean {
    const grown = this.#journal.last - this.#begunAt;
    return (
      grown >= this.#pace.journalRows || (grown > 0 && Date.now() - this.#begunTime >= this.#pace.intervalMs)
    );
  }

  /**
   * Not synced on its own: the next commit syncs the same file, and a lost bite is only journal that is
   * applied again.
   */
  #bite(): void {
    this.#steps ??= this.#checkpoint();
    const steps = this.#steps;
    if (this.#isDurable) setSynchronous(this.#connection, 'NORMAL');
    this.#connection.transaction(() => {
      for (let row = 0; row < this.#pace.rowsPerBite; row += 1) {
        if (steps.next().done !== true) continue;
        this.#steps = undefined;
        return;
      }
    })();
    if (this.#isDurable) setSynchronous(this.#connection, 'FULL');
  }

  *#checkpoint(): Generator<void> {
    const seq = this.#journal.last;
    this.#begunAt = seq;
    this.#begunTime = Date.now();
    const changes = [...this.#apps.all()].map((loaded) => ({
      loaded,
      changed: loaded.machine.state.takeChanged(),
    }));
    yield* this.#chosen.write();
    for (const { loaded, changed } of changes) yield* this.#writeApp(loaded, changed);
    this.#finish.run(seq);
    this.#chosen.written();
  }

  *#writeApp({ number, machine: { state } }: LoadedApp, changed: Changed): Generator<void> {
    for (const user of changed.users) yield this.#tables.writeUser(number, snapshot.readUser(state, user));
    for (const announcement of changed.announcements) {
      const row = snapshot.readAnnouncement(state, announcement);
      if (row !== undefined) yield this.#tables.writeAnnouncement(number, row);
    }
    for (const conversation of changed.conversations) {
      yield this.#tables.writeConversation(number, snapshot.readConversation(state, conversation));
    }
    for (const [conversation, users] of changed.participations) {
      for (const user of users) {
        const row = snapshot.readParticipation(state, conversation, user);
        if (row === undefined) this.#tables.removeParticipation(number, conversation, user);
        else this.#tables.writeParticipation(number, row);
        yield;
      }
    }
  }
}

/** Everything up to this journal row is in the tables. */
export function completedCheckpoint(connection: Connection): number {
  return connection.prepare<[], { seq: number }>('select seq from checkpoint where id = 1').get()?.seq ?? 0;
}
