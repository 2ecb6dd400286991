/** What a replay returns: how much was sent, and what differs. */
import type { Difference } from './compare.js';

export interface ReplayResult {
  /** The file, or words that say that the workload was generated. */
  readonly workload: string;
  readonly seed: number;
  readonly operations: number;
  readonly messages: number;
  readonly reads: number;
  readonly deletions: number;
  readonly retries: number;
  /** How long sending took. */
  readonly seconds: number;
  readonly users: number;
  /** Pairs of a user and a conversation whose counts were compared. */
  readonly participations: number;
  readonly differenceCount: number;
  /** The first twenty. */
  readonly differences: readonly Difference[];
}
