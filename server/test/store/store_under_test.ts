/** How a suite gets hold of a store to test, empty and of its own. */
import type { Store } from '../../src/store/port.js';

export interface StoreUnderTest {
  readonly store: Store;
  /** Closes the store and opens it again on the same data. Absent for a store without durability. */
  readonly reopen?: () => Promise<Store>;
  /**
   * Runs a step about claims, and passes how often the store was opened again, also by other sequences that use it: claims from
   * before may hold no longer. Absent if only one sequence uses it.
   */
  readonly claimStep?: <V>(step: (reopened: number) => Promise<V>) => Promise<V>;
  /** Closes it, also after a reopen, and removes its data. */
  dispose(): Promise<void>;
}

export type StoreFactory = () => Promise<StoreUnderTest>;
