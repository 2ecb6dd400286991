/**
 * The shared question for the heads of the logs: all who wait at one moment share one query. It is asked after the call, so
 * that the result has everything that was committed before it.
 */
import type { LogHeads, LogPoint } from '../shared_engine.js';

type Asked = ReadonlyMap<number, LogPoint | undefined>;

interface Question {
  readonly apps: Set<number>;
  readonly result: Promise<LogHeads>;
  readonly ask: () => void;
}

export class Heads {
  /** How many queries were sent. */
  queries = 0;
  readonly #ask: (asked: Asked) => Promise<LogHeads>;
  readonly #pointOf: (app: number) => LogPoint | undefined;
  /** What is asked next: a caller that comes while a query is in flight cannot use its result. */
  #next: Question | undefined;
  #isAsking = false;

  /** `pointOf` returns the newest point of an app in memory. */
  constructor(ask: (asked: Asked) => Promise<LogHeads>, pointOf: (app: number) => LogPoint | undefined) {
    this.#ask = ask;
    this.#pointOf = pointOf;
  }

  /** The heads of these apps, each with whether the log has what memory has, and the version of the registry. */
  of(apps: Iterable<number>): Promise<LogHeads> {
    this.#next ??= this.#question();
    for (const app of apps) this.#next.apps.add(app);
    // Calls of the same moment join before it is sent.
    queueMicrotask(() => this.#send());
    return this.#next.result;
  }

  #question(): Question {
    const apps = new Set<number>();
    let ask = () => {};
    const result = new Promise<LogHeads>((resolve, reject) => {
      ask = () => this.#ask(new Map([...apps].map((app) => [app, this.#pointOf(app)]))).then(resolve, reject);
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
