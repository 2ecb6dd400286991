/**
 * What a local push service does to requests instead of simply answering: a list of acts, each for the next
 * request (or the next of one device), or a function that decides for every request.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Act {
  /** Waits before the request is processed. */
  readonly delayMs?: number;
  /** Keeps the request unprocessed, or its answer back, until it is released, in any order. */
  readonly hold?: 'request' | 'answer';
  /** Answers this instead of processing the request. */
  readonly answer?: Reply;
  /** Breaks the connection without an answer, before or after the request was processed. */
  readonly cut?: 'before' | 'after';
  /** HTTP/2: sends GOAWAY that counts this request as processed, or refuses it and those after it. */
  readonly goaway?: { readonly processed: boolean; readonly code?: number };
}

export interface Rule extends Act {
  /** Only for requests to this device. */
  readonly device?: string;
  /** How many requests it is for; one by default. */
  readonly times?: number;
}

/** One request, as the service that received it can handle it. */
export interface Exchange {
  readonly device: string;
  process(): Promise<Reply>;
  respond(reply: Reply): void;
  cut(): void;
  goaway?(processed: boolean, code: number): void;
}

interface Held {
  readonly device: string;
  readonly release: () => void;
}

export class Script {
  /** Asked for every request that no rule is for. */
  decide: ((device: string) => Act | undefined) | undefined;
  #rules: { readonly rule: Rule; left: number }[] = [];
  readonly #held: Held[] = [];
  #unanswered = 0;

  add(...rules: Rule[]): void {
    this.#rules.push(...rules.map((rule) => ({ rule, left: rule.times ?? 1 })));
  }

  clear(): void {
    this.#rules = [];
    this.decide = undefined;
  }

  /** How many requests or answers are held now. */
  get held(): number {
    return this.#held.length;
  }

  /** How many requests have arrived and are not dealt with yet. */
  get unanswered(): number {
    return this.#unanswered;
  }

  /** Lets go of everything held; the last first, if so asked. */
  release(order: 'first come' | 'last come' = 'first come'): void {
    const held = this.#held.splice(0);
    if (order === 'last come') held.reverse();
    for (const { release } of held) release();
  }

  async carryOut(exchange: Exchange): Promise<void> {
    this.#unanswered += 1;
    try {
      await this.#act(exchange);
    } finally {
      this.#unanswered -= 1;
    }
  }

  async #act(exchange: Exchange): Promise<void> {
    const act = this.#take(exchange.device);
    if (act.delayMs !== undefined) await sleep(act.delayMs);
    if (act.hold === 'request') await this.#hold(exchange.device);
    if (act.cut === 'before') return exchange.cut();
    if (act.goaway) exchange.goaway?.(act.goaway.processed, act.goaway.code ?? 0);
    const reply = act.answer ?? (await exchange.process());
    if (act.hold === 'answer') await this.#hold(exchange.device);
    if (act.cut === 'after') return exchange.cut();
    exchange.respond(reply);
  }

  #take(device: string): Act {
    const index = this.#rules.findIndex(({ rule }) => rule.device === undefined || rule.device === device);
    const found = this.#rules[index];
    if (!found) return this.decide?.(device) ?? {};
    found.left -= 1;
    if (found.left <= 0) this.#rules.splice(index, 1);
    return found.rule;
  }

  #hold(device: string): Promise<void> {
    return new Promise((release) => this.#held.push({ device, release }));
  }
}
