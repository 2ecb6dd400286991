/** The apps that are loaded: each with its number in the database and its state in memory. */
import { type Event, Machine, snapshot } from '@badged/core';
import type { App } from '../port.js';
import type { Connection } from './database.js';
import type { Journal } from './journal.js';
import { type ChosenIds, messageIds } from './message_ids.js';
import { CheckpointTables } from './rows.js';

export interface LoadedApp {
  readonly number: number;
  readonly machine: Machine;
  /** Replaced as a whole when the settings change. */
  app: App;
}

export class LoadedApps {
  readonly #byId = new Map<string, LoadedApp>();
  readonly #byNumber = new Map<number, LoadedApp>();
  readonly #journal: Journal;
  readonly #chosen: ChosenIds;
  readonly #idKey: Uint8Array;

  constructor(journal: Journal, chosen: ChosenIds, idKey: Uint8Array) {
    this.#journal = journal;
    this.#chosen = chosen;
    this.#idKey = idKey;
  }

  get(id: string): LoadedApp | undefined {
    return this.#byId.get(id);
  }

  all(): Iterable<LoadedApp> {
    return this.#byNumber.values();
  }

  /** With an empty state. */
  add(number: number, app: App): LoadedApp {
    const log = {
      at: (reference: number) => this.#journal.message(reference),
      find: (id: string) => this.#chosen.find(number, id),
    };
    const loaded = { number, app, machine: new Machine(log, messageIds(this.#idKey, number)) };
    this.#byId.set(app.id, loaded);
    this.#byNumber.set(number, loaded);
    return loaded;
  }

  remove(loaded: LoadedApp): void {
    this.#byId.delete(loaded.app.id);
    this.#byNumber.delete(loaded.number);
  }

  /** Applies what is in the journal already, or was put there just now. */
  apply(loaded: LoadedApp, event: Event, seq: number): void {
    if (event.type === 'message' && event.id !== undefined) this.#chosen.add(loaded.number, event.id, seq);
    loaded.machine.apply(event, seq);
  }

  byNumber(number: number): LoadedApp | undefined {
    return this.#byNumber.get(number);
  }
}

/** Puts back what the last checkpoint wrote. */
export function restore(connection: Connection, { number, machine: { state } }: LoadedApp): void {
  const tables = new CheckpointTables(connection);
  for (const row of tables.users(number)) snapshot.restoreUser(state, row);
  for (const row of tables.conversations(number)) snapshot.restoreConversation(state, row);
  for (const row of tables.participations(number)) snapshot.restoreParticipation(state, row);
  for (const row of tables.announcements(number)) snapshot.restoreAnnouncement(state, row);
}
