/**
 * The shared question for the heads of the logs: all who wait at one moment share one query. It is asked after the call, so
 * that the result has everything that was committed before it.
 */
import { registryApp } from '../shared_engine.js';

export type HeadsOf = ReadonlyMap<number, number>;

interface Question {
  readonly apps: Set<number>;
  readonly result: Promise<HeadsOf>;
  readonly ask: () => void;
}

export class Heads {
  /** How many queries were sent. */
  queries = 0;
  readonly #ask: (apps: readonly number[]) => Promise<HeadsOf>;
  /** What is asked next: a caller that comes while a query is in flight cannot use its result. */
  #next: Question | undefined;
  #isAsking = false;

  constructor(ask: (apps: readonly number[]) => Promise<HeadsOf>) {
    this.#ask = ask;
  }

  /** The heads of these apps, and the version of the registry. */
  of(apps: Iterable<number>): Promise<HeadsOf> {
    this.#next ??= this.#question();
    for (const app of apps) this.#next.apps.add(app);
    // Calls of the same moment join before it is sent.
    queueMicrotask(() => this.#send());
    return this.#next.result;
  }

  #question(): Question {
    const apps = new Set([registryApp]);
    let ask = () => {};
    const result = new Promise<HeadsOf>((resolve, reject) => {
      ask = () => this.#ask([...apps]).then(resolve, reject);
    });
    return { apps, result, ask: () => ask() };
  }

  #send(): void {
    const question = this.#next;
    if (this.#isAsking || question === undefined) return;
    this.#next = undefined;
    this.#isAsking = true;
    this.queries += 1;
    question.ask();
    const done = () => {
      this.#isAsking = false;
      this.#send();
    };
    question.result.then(done, done);
  }
}
