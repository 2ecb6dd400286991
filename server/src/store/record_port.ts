/**
 * Records: small things that other parts of the service store, most of which expire (OAuth clients, codes,
 * tokens, sign-ins, notification channels). A record belongs to one app and to one collection. Its value is JSON that
 * the store does not read. Secrets are in it as SHA-256 hashes only. An expired record counts as absent. Deleting an
 * app deletes its records, and writing for an app that does not exist does nothing.
 */
export interface StoredRecord {
  /** Unique in its collection of the app. */
  readonly id: string;
  /** The owner, by which records can be listed; '' if they are never listed. */
  readonly owner: string;
  readonly value: string;
  /** Null: never. */
  readonly expiresAt: number | null;
}

export interface RecordStore {
  /** False, without having done anything, if there is one with this id. */
  insert(app: string, kind: string, record: StoredRecord, now: number): Promise<boolean>;

  /** Replaces the one with this id; false, without having done anything, if there is none (any more). */
  update(app: string, kind: string, record: StoredRecord, now: number): Promise<boolean>;

  get(app: string, kind: string, id: string, now: number): Promise<StoredRecord | undefined>;

  /** Removes it and returns it. If several callers try at once, only one gets it. */
  take(app: string, kind: string, id: string, now: number): Promise<StoredRecord | undefined>;

  /** Those of one owner, in the order in which they were inserted. */
  list(app: string, kind: string, owner: string, now: number): Promise<readonly StoredRecord[]>;
}
