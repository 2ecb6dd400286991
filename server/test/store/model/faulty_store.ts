/**
 * A reference that can be opened again, in its memory: on a copy of what it holds. It may be given a fault, and
 * is then a store that the model-based tests have to find out.
 */
import type { Command, CommandType, Outcome, Query, QueryResult, QueryType } from '@badged/core';
import type { AlertContent } from '../../../src/store/push_port.js';
import type { ReferenceRegistry } from '../../../src/store/reference/registry.js';
import type { AppState } from '../../../src/store/reference/state.js';
import { ReferenceStore } from '../../../src/store/reference/store.js';
import type { StoreUnderTest } from '../store_under_test.js';

export interface Fault {
  /** What goes wrong with the state once a command of this type was carried out; `count` is how many were. */
  readonly after?: (state: AppState, type: CommandType, count: number) => void;
  /** What goes wrong with every app when the store is opened again. */
  readonly onReopening?: (state: AppState) => void;
  /** What is wrong with the clock that badges are read by. */
  readonly clock?: (now: number) => number;
}

export function reopenableStore(fault: Fault = {}): StoreUnderTest {
  let store = new FaultyStore(fault);
  return {
    store,
    async reopen() {
      const kept = store.apps.copy();
      for (const app of await kept.list()) {
        const state = kept.state(app.id);
        if (state) fault.onReopening?.(state);
      }
      await store.close();
      store = new FaultyStore(fault, kept);
      return store;
    },
    dispose: () => store.close(),
  };
}

class FaultyStore extends ReferenceStore {
  readonly #fault: Fault;
  #count = 0;

  constructor(fault: Fault, apps?: ReferenceRegistry) {
    super(apps);
    this.#fault = fault;
  }

  override async execute<T extends CommandType>(
    app: string,
    command: Command<T>,
    alert?: AlertContent,
  ): Promise<Outcome<T>> {
    const outcome = super.execute(app, command, alert);
    const state = this.apps.state(app);
    this.#count += 1;
    if (state) this.#fault.after?.(state, command.type, this.#count);
    return outcome;
  }

  override ask<T extends QueryType>(
    app: string,
    query: Query<T> & { readonly type: T },
  ): Promise<QueryResult<T>> {
    const { clock } = this.#fault;
    return super.ask(app, clock && 'now' in query ? { ...query, now: clock(query.now) } : query);
  }
}
