/** What a stream tells. */
export interface Snapshot {
  /** The same for the same data. */
  readonly id: string;
  /** One line. */
  readonly data: string;
}

/**
 * The snapshots that were read for those who are told together, by what they are of: read once, however many tabs
 * of the user listen. It begins after the changes that it tells of, so that nothing in it is older than they are.
 */
export type Round = Map<string, Promise<Snapshot>>;
