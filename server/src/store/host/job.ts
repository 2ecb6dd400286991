/** One call of execute or executeAll: its commands in order, and their outcomes so far. */
import type { Facts, Outcome } from '@badged/core';
import type { CommandWithAlert } from '../port.js';

export class Job {
  /** What was fetched for the next command, where it was put off for it. */
  facts: Facts | undefined;
  readonly #commands: readonly CommandWithAlert[];
  readonly #outcomes: Outcome[] = [];
  readonly #resolve: (outcomes: readonly Outcome[]) => void;
  readonly #reject: (error: Error) => void;
  #next = 0;
  #failure: Error | undefined;

  constructor(
    commands: readonly CommandWithAlert[],
    resolve: (outcomes: readonly Outcome[]) => void,
    reject: (error: Error) => void,
  ) {
    this.#commands = commands;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** Undefined once every command has an outcome. */
  get next(): CommandWithAlert | undefined {
    return this.#commands[this.#next];
  }

  /** The next command has an outcome. An error is a bug that changed nothing, and is this caller's alone. */
  settleNext(outcome: Outcome | Error): void {
    this.#next += 1;
    this.facts = undefined;
    if (outcome instanceof Error) this.#failure ??= outcome;
    else this.#outcomes.push(outcome);
  }

  /** To be called once everything that it did is durable. */
  resolve(): void {
    if (this.#failure === undefined) this.#resolve(this.#outcomes);
    else this.#reject(this.#failure);
  }

  reject(error: Error): void {
    this.#reject(error);
  }
}
