/**
 * Records: small things that other parts of the service keep, and that mostly expire (OAuth clients, codes,
 * tokens, sign-ins, notification channels). A record belongs to one app and has a kind; its value is JSON that
 * the store does not look into. Secrets are in it as SHA-256 hashes only. An expired record is no record, and
 * those of a deleted app vanish with it: writing for an app that does not exist does nothing.
 */
export interface StoredRecord {
  /** Unique among those of its kind in the app. */
  readonly id: string;
  /** What several records can be listed by; '' where nothing lists them. */
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

  /** Removes it and answers what it was: of several callers, one gets it. */
  take(app: string, kind: string, id: string, now: number): Promise<StoredRecord | undefined>;

  /** Those of one owner, in the order in which they were inserted. */
  list(app: string, kind: string, owner: string, now: number): Promise<readonly StoredRecord[]>;
}
