/** What a live stream sends: a whole snapshot each time, never a difference. */

export interface Snapshot {
  /** The same for the same data. */
  readonly id: string;
  /** One line. */
  readonly data: string;
}

/**
 * The reads that streams share when one change reaches them together, by the key of what is read: one read for all
 * tabs of a user. It is made after the changes that it stands for, so that no snapshot in it is older than they are.
 */
export type SharedReads = Map<string, Promise<Snapshot>>;
