/** How a suite gets hold of a store to test, empty and of its own. */

import type { Store } from '../../src/store/port.js';
import type { RetentionEngine } from '../../src/store/retention_engine.js';

export interface StoreUnderTest {
  readonly store: Store;
  /** Closes the store and opens it again on the same data. Absent for a store without durability. */
  readonly reopen?: () => Promise<Store>;
  /**
   * Runs a step about claims, and passes how often the store was opened again, also by other sequences that use it: claims from
   * before may hold no longer. Absent if only one sequence uses it.
   */
  readonly claimStep?: <V>(step: (reopened: number) => Promise<V>) => Promise<V>;
  /** The engine of the store that is open, to drop old rows with. Absent for a store that has none. */
  readonly engine?: () => RetentionEngine;
  /** Closes it, also after a reopen, and removes its data. */
  dispose(): Promise<void>;
}

export type StoreFactory = () => Promise<StoreUnderTest>;
