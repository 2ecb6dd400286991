/**
 * A cache of verified token texts, so that the same token is not hashed, or its signature checked, with every request. What
 * it stores about a text never changes: its hash, or the claims that the service's own key signed. Whether the token is still
 * valid is not cached; the caller checks it with each request.
 *
 * Callers add only texts that they have verified, so a client without a token cannot fill the cache. docs/decisions/0024
 * explains why it is safe to look a token up by its text.
 */

/** The size of each of the two generations. */
const maxTexts = 5_000;

export class VerifiedTexts<T> {
  readonly #max: number;
  #current = new Map<string, T>();
  #previous = new Map<string, T>();

  constructor(max = maxTexts) {
    this.#max = max;
  }

  get(text: string): T | undefined {
    const found = this.#current.get(text);
    if (found !== undefined) return found;
    const older = this.#previous.get(text);
    if (older !== undefined) this.set(text, older);
    return older;
  }

  /** Adds a text. When the current generation is full, it becomes the previous one, and the one before that is dropped. */
  set(text: string, value: T): void {
    if (this.#current.size >= this.#max) {
      this.#previous = this.#current;
      this.#current = new Map();
    }
    this.#current.set(text, value);
  }
}
