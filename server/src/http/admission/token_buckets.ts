/**
 * Token buckets, one for each client. A bucket starts full, is refilled evenly, and can be overdrawn, since what a request
 * cost is known afterwards. Pure: the caller passes the time.
 */

export interface BucketSize {
  readonly capacity: number;
  /** The seconds in which an empty bucket becomes full. */
  readonly fillSeconds: number;
}

export class Bucket {
  readonly #size: BucketSize;
  #level: number;
  #at: number;

  constructor(size: BucketSize, nowMs: number) {
    this.#size = size;
    this.#level = size.capacity;
    this.#at = nowMs;
  }

  /** Negative if it is overdrawn. */
  level(nowMs: number): number {
    const { capacity, fillSeconds } = this.#size;
    const refill = (Math.max(0, nowMs - this.#at) / 1000) * (capacity / fillSeconds);
    this.#level = Math.min(capacity, this.#level + refill);
    this.#at = nowMs;
    return this.#level;
  }

  /** A debt is limited to what is refilled in fillSeconds. */
  spend(tokens: number): void {
    this.#level = Math.max(-this.#size.capacity, this.#level - tokens);
  }

  /** The seconds until this many tokens are there. */
  secondsUntil(tokens: number, nowMs: number): number {
    const { capacity, fillSeconds } = this.#size;
    return Math.max(0, ((tokens - this.level(nowMs)) * fillSeconds) / capacity);
  }
}

/** So many clients within two fill times are an attack from many addresses, which memory must survive. About 20 MB. */
const maxBucketsPerGeneration = 100_000;

/**
 * The buckets by client. A bucket that was not used for two fill times is full again, and is forgotten. If there are too
 * many, those are forgotten that were not used for longest.
 */
export class TokenBuckets {
  readonly size: BucketSize;
  readonly #maxPerGeneration: number;
  #current = new Map<string, Bucket>();
  #previous = new Map<string, Bucket>();
  #generationEnds = 0;

  constructor(size: BucketSize, maxPerGeneration = maxBucketsPerGeneration) {
    this.size = size;
    this.#maxPerGeneration = maxPerGeneration;
  }

  get count(): number {
    return this.#current.size + this.#previous.size;
  }

  bucket(client: string, nowMs: number): Bucket {
    const known = this.#current.get(client);
    if (known !== undefined && nowMs < this.#generationEnds) return known;
    if (nowMs >= this.#generationEnds || this.#current.size >= this.#maxPerGeneration) this.#rotate(nowMs);
    const bucket = this.#previous.get(client) ?? new Bucket(this.size, nowMs);
    this.#previous.delete(client);
    this.#current.set(client, bucket);
    return bucket;
  }

  #rotate(nowMs: number): void {
    this.#previous = this.#current;
    this.#current = new Map();
    this.#generationEnds = nowMs + 2 * this.size.fillSeconds * 1000;
  }
}
