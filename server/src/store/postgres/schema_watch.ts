/**
 * Whether this version may still serve: a newer one may be about to change the schema so that it cannot. Checked often, and
 * before a transaction of a node that did not get to it, such as one that was stopped and continues.
 */
import { StoreUnavailable } from '../port.js';

const pauseMs = 2_000;
/** A check that is older does not count. */
const validMs = 6_000;
/** How long a node that is about to migrate waits, so that all others have noticed and ended their transactions. */
export const noticeMs = 10_000;

export interface SchemaWatchDeps {
  /** Why this version must not serve; undefined if it may. */
  readonly reason: () => Promise<string | undefined>;
  /** Called when it may not any more. It may again if the newer one could not migrate. */
  readonly onOutdated: (reason: string) => void;
}

export class SchemaWatch {
  readonly #deps: SchemaWatchDeps;
  #checkedAt = performance.now();
  #reason: string | undefined;
  #checking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(deps: SchemaWatchDeps) {
    this.#deps = deps;
    this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Before what writes: undefined if this version may serve, else a promise that rejects if it may not. */
  mayWrite(): Promise<void> | undefined {
    if (this.#reason === undefined && performance.now() - this.#checkedAt < validMs) return undefined;
    return this.#reason === undefined ? this.#check().then(() => this.mayWrite()) : this.mayRead();
  }

  mayRead(): Promise<never> | undefined {
    return this.#reason === undefined ? undefined : Promise.reject(new StoreUnavailable(this.#reason));
  }

  #check(): Promise<void> {
    this.#checking ??= this.#readReason().finally(() => {
      this.#checking = undefined;
    });
    return this.#checking;
  }

  async #readReason(): Promise<void> {
    const startedAt = performance.now();
    const reason = await this.#deps.reason();
    this.#checkedAt = startedAt;
    const before = this.#reason;
    this.#reason = reason;
    if (reason !== undefined && before === undefined) this.#deps.onOutdated(reason);
  }

  #schedule(): void {
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.#poll(), pauseMs);
    this.#timer.unref();
  }

  async #poll(): Promise<void> {
    // While the database is away, so is every statement.
    await this.#check().catch(() => {});
    this.#schedule();
  }
}
