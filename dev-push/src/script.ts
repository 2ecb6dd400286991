/**
 * How a local push service treats requests in a test: a list of rules, each for the next request (or the next one of
 * a device), or a function that decides for every request.
 */
import { setTimeout as sleep } from 'node:timers/promises';

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface Act {
  /** Delays the request, in milliseconds. */
  readonly delayMs?: number;
  /** Holds the request, or its reply, until `release()`. */
  readonly hold?: 'request' | 'reply';
  /** Sends this reply instead of processing the request. */
  readonly reply?: Reply;
  /** Closes the connection without a reply, before or after the request is processed. */
  readonly cut?: 'before' | 'after';
  /** HTTP/2: sends a GOAWAY that counts this request as processed, or refuses it and all after it. */
  readonly goaway?: { readonly processed: boolean; readonly code?: number };
}

export interface Rule extends Act {
  /** Only for requests to this device. */
  readonly device?: string;
  /** The number of requests it applies to; 1 by default. */
  readonly times?: number;
}

/** One request, and what its service can do with it. */
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
  /** Decides for every request without a rule. */
  decide: ((device: string) => Act | undefined) | undefined;
  /** A request that waited for longer, held or delayed, is lost: its connection is cut, and it is never processed. */
  longestWaitMs = Number.POSITIVE_INFINITY;
  #rules: { readonly rule: Rule; left: number }[] = [];
  readonly #held: Held[] = [];
  #pending = 0;

  add(...rules: Rule[]): void {
    this.#rules.push(...rules.map((rule) => ({ rule, left: rule.times ?? 1 })));
  }

  clear(): void {
    this.#rules = [];
    this.decide = undefined;
  }

  /** How many requests and replies are held. */
  get held(): number {
    return this.#held.length;
  }

  /** How many requests have arrived and have no reply yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Releases everything that is held. */
  release(order: 'oldest first' | 'newest first' = 'oldest first'): void {
    const held = this.#held.splice(0);
    if (order === 'newest first') held.reverse();
    for (const { release } of held) release();
  }

  async apply(exchange: Exchange): Promise<void> {
    this.#pending += 1;
    try {
      await this.#act(exchange);
    } finally {
      this.#pending -= 1;
    }
  }

  async #act(exchange: Exchange): Promise<void> {
    const act = this.#take(exchange.device);
    const arrivedAt = performance.now();
    if (act.delayMs !== undefined) await sleep(act.delayMs);
    if (act.hold === 'request') await this.#hold(exchange.device);
    const isLost = performance.now() - arrivedAt > this.longestWaitMs;
    if (act.cut === 'before' || isLost) return exchange.cut();
    if (act.goaway) exchange.goaway?.(act.goaway.processed, act.goaway.code ?? 0);
    const reply = act.reply ?? (await exchange.process());
    if (act.hold === 'reply') await this.#hold(exchange.device);
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
