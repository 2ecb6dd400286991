/** One call of execute or executeAll: its commands in order, and their outcomes so far. */
import { type Facts, limits, type Outcome } from '@badged/core';
import type { CommandWithAlert } from '../port.js';

export class Job {
  /** What was fetched, by the place of the command. */
  #facts: Map<number, Facts> | undefined;
  readonly #commands: readonly CommandWithAlert[];
  readonly #outcomes: Outcome[] = [];
  readonly #resolve: (outcomes: readonly Outcome[]) => void;
  readonly #reject: (error: Error) => void;
  #next = 0;
  /** How many messages the commands read that have an outcome. */
  #read = 0;
  #failure: Error | undefined;
  /** As of the mark. */
  #nextThen = 0;
  #outcomesThen = 0;
  #readThen = 0;
  #failureThen: Error | undefined;

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

  /** The commands without an outcome, each with its place in the job. */
  *rest(): Generator<readonly [place: number, command: CommandWithAlert]> {
    for (let place = this.#next; place < this.#commands.length; place += 1) {
      const command = this.#commands[place];
      if (command !== undefined) yield [place, command];
    }
  }

  /** The facts fetched for the next command, if any were. */
  get facts(): Facts | undefined {
    return this.factsOf(this.#next);
  }

  factsOf(place: number): Facts | undefined {
    return this.#facts?.get(place);
  }

  /** The facts of the command at this place; `initial` from now on, if it has none. */
  factsAt(place: number, initial: () => Facts): Facts {
    this.#facts ??= new Map();
    const facts = this.#facts.get(place) ?? initial();
    this.#facts.set(place, facts);
    return facts;
  }

  /** The facts of the next command. */
  nextFacts(initial: () => Facts): Facts {
    return this.factsAt(this.#next, initial);
  }

  /**
   * Whether the commands before the next one have read what one request may. Deleting reads on: it passes each deleted
   * message only once.
   */
  get hasReadEnough(): boolean {
    return this.#read >= limits.lookBackMessagesPerRequest && this.next?.command.type !== 'delete_message';
  }

  /** Sets the outcome of the next command. An error is a bug that changed nothing; only this caller gets it. */
  settleNext(outcome: Outcome | Error): void {
    this.#read += this.facts?.read ?? 0;
    this.#facts?.delete(this.#next);
    this.#next += 1;
    if (outcome instanceof Error) this.#failure ??= outcome;
    else this.#outcomes.push(outcome);
  }

  /** Remembers which commands have durable outcomes, before an append that may fail. */
  mark(): void {
    this.#nextThen = this.#next;
    this.#outcomesThen = this.#outcomes.length;
    this.#readThen = this.#read;
    this.#failureThen = this.#failure;
  }

  /** Goes back to the mark: the outcomes since then are not durable. */
  rewind(): void {
    this.#next = this.#nextThen;
    this.#outcomes.length = this.#outcomesThen;
    this.#read = this.#readThen;
    this.#failure = this.#failureThen;
  }

  /** What was fetched may be of a log that is not the app's any more. */
  forgetFacts(): void {
    this.#facts = undefined;
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
