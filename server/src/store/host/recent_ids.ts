/**
 * The messages whose ids callers chose, from when they are applied until the app's checkpoint has them. They stay for one
 * more checkpoint, so that a lookup that was made before it ended is still right.
 */
import type { LoggedMessage, MessageSent } from '@badged/core';

type Found = Map<string, LoggedMessage>;

export class RecentIds {
  #newest: Found = new Map();
  #writing: Found = new Map();
  #written: Found = new Map();

  find(id: string): LoggedMessage | undefined {
    return this.#newest.get(id) ?? this.#writing.get(id) ?? this.#written.get(id);
  }

  add(id: string, reference: number, message: MessageSent): void {
    this.#newest.set(id, { reference, message });
  }

  /** Those that the checkpoint that begins now has to write. To be followed by `written`. */
  take(): Iterable<readonly [id: string, found: LoggedMessage]> {
    this.#writing = this.#newest;
    this.#newest = new Map();
    return this.#writing;
  }

  written(): void {
    this.#written = this.#writing;
    this.#writing = new Map();
  }
}
