/**
 * References of the messages whose ids callers chose, from when they are applied until the app's checkpoint has them.
 * They stay for one more checkpoint, so that a lookup from before its end still returns the right result.
 */
type References = Map<string, number>;

export class RecentIds {
  #newest: References = new Map();
  #writing: References = new Map();
  #written: References = new Map();

  find(id: string): number | undefined {
    return this.#newest.get(id) ?? this.#writing.get(id) ?? this.#written.get(id);
  }

  add(id: string, reference: number): void {
    this.#newest.set(id, reference);
  }

  /** The ids that a checkpoint which begins now must write. Call `written` afterwards. */
  take(): Iterable<readonly [id: string, reference: number]> {
    this.#writing = this.#newest;
    this.#newest = new Map();
    return this.#writing;
  }

  written(): void {
    this.#written = this.#writing;
    this.#writing = new Map();
  }
}
