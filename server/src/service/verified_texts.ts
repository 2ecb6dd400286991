/**
 * A bounded memory of what tokens were verified to say. What it holds never becomes wrong: that a text hashes to this hash,
 * or that the service's own key signed it. Whether a token is still valid is asked elsewhere, with each request.
 *
 * Only texts that were verified get in, so that nobody without a token fills it, or learns from it. docs/decisions/0024
 * says why looking a token up by its text is safe.
 */

/** Of each generation; there are two. */
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

  /** Forgets those that were not used for longest, if there are too many. */
  set(text: string, value: T): void {
    if (this.#current.size >= this.#max) {
      this.#previous = this.#current;
      this.#current = new Map();
    }
    this.#current.set(text, value);
  }
}
