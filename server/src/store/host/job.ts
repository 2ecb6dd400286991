/** One call of execute or executeAll: its commands in order, and their outcomes so far. */
import type { Facts, Outcome } from '@badged/core';
import type { CommandWithAlert } from '../port.js';

export class Job {
  /** The facts fetched for the next command, if it was deferred to fetch them. */
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

  /** Sets the outcome of the next command. An error is a bug that changed nothing; only this caller gets it. */
  settleNext(outcome: Outcome | Error): void {
    this.#next += 1;
    this.facts = undefined;
    if (outcome instanceof Error) this.#failure ??= outcome;
    else this.#outcomes.push(outcome);
  }

  /** Call it once all changes of the job are durable. */
  resolve(): void {
    if (this.#failure === undefined) this.#resolve(this.#outcomes);
    else this.#reject(this.#failure);
  }

  reject(error: Error): void {
    this.#reject(error);
  }
}
