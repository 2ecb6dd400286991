/**
 * The users of large audiences whose devices are to be refreshed. They are worked off in the background, some at a time, so that
 * what changes for a few users meanwhile does not wait for them. A user who is added again while waiting waits once.
 */
import { turnOfEventLoop } from './ongoing_work.js';

export interface UserBacklogDeps {
  readonly usersPerCall: number;
  readonly refresh: (app: string, users: readonly string[]) => Promise<void>;
  /** Runs the work in the background, and reports its errors. */
  readonly inBackground: (work: () => Promise<void>) => void;
  readonly isClosed: () => boolean;
}

export class UserBacklog {
  readonly #deps: UserBacklogDeps;
  readonly #waiting = new Map<string, Set<string>>();

  constructor(deps: UserBacklogDeps) {
    this.#deps = deps;
  }

  add(app: string, users: Iterable<string>): void {
    const waiting = this.#waiting.get(app);
    if (waiting !== undefined) {
      for (const user of users) waiting.add(user);
      return;
    }
    const begun = new Set(users);
    this.#waiting.set(app, begun);
    this.#deps.inBackground(() => this.#workOff(app, begun));
  }

  /** After an error, the users who still wait are left to the next sweep. */
  async #workOff(app: string, waiting: Set<string>): Promise<void> {
    try {
      while (waiting.size > 0 && !this.#deps.isClosed()) {
        await this.#deps.refresh(app, this.#some(waiting));
        await turnOfEventLoop();
      }
    } finally {
      this.#waiting.delete(app);
    }
  }

  #some(waiting: Set<string>): string[] {
    const some: string[] = [];
    for (const user of waiting) {
      if (some.length === this.#deps.usersPerCall) break;
      some.push(user);
      waiting.delete(user);
    }
    return some;
  }
}
