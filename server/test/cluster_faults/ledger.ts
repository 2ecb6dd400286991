/**
 * What the clients of a fault run did and were told, and which counts that allows at any moment. A response binds every read
 * that begins after it, on whichever server. Pure: the clients report to it.
 */

/** What a number may be. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

/** Messages of one conversation, read by one user of it up to some position. Another one, the observer, reads none. */
export class ConversationLedger {
  /** Distinct messages that were sent, whatever came of it. */
  #started = 0;
  /** Messages without an id that got no clear response: each may be stored, once. */
  #unclear = 0;
  readonly #positions = new Map<number, string>();
  #head = 0;
  #readStarted = 0;
  #readConfirmed = 0;
  readonly problems: string[] = [];

  get acknowledged(): number {
    return this.#positions.size;
  }

  /** The last position that a response named. */
  get head(): number {
    return this.#head;
  }

  sending(): void {
    this.#started += 1;
  }

  sent(message: string, position: number): void {
    const other = this.#positions.get(position);
    if (other !== undefined && other !== message)
      this.problems.push(`Position ${position} was given to two messages.`);
    this.#positions.set(position, message);
    this.#head = Math.max(this.#head, position);
  }

  /** A message without an id, which nobody sends again. */
  sentUnclearly(): void {
    this.#unclear += 1;
  }

  reading(position: number): void {
    this.#readStarted = Math.max(this.#readStarted, position);
  }

  read(position: number): void {
    this.#readConfirmed = Math.max(this.#readConfirmed, position);
  }

  /** Call it when a request begins, and the result with the number when its response is here. */
  expectUnread(who: 'observer' | 'reader'): (found: number) => string | undefined {
    const [head, confirmed] = [this.#head, this.#readConfirmed];
    return (found) => {
      const [started, read] = who === 'reader' ? [this.#readStarted, confirmed] : [0, 0];
      return outside({ least: Math.max(0, head - started), most: this.#started - read }, found, who);
    };
  }

  /** When everything has ended: every message with a response is there once, and no more than may be. */
  conclude(observer: number, reader: number): void {
    const most = this.acknowledged + this.#unclear;
    if (observer < this.acknowledged || observer < this.#head || observer > most)
      this.problems.push(
        `There are ${observer} messages. ${this.acknowledged} were acknowledged, up to position ${this.#head}, and ${this.#unclear} may be stored.`,
      );
    const read = { least: observer - this.#readStarted, most: observer - this.#readConfirmed };
    const problem = outside(read, reader, 'reader');
    if (problem !== undefined) this.problems.push(`At the end: ${problem}`);
  }
}

/** An external count, set to 1, 2, 3 … by one client at a time. After a request without a clear response it is left alone. */
export class ExternalLedger {
  readonly user: string;
  #set = 0;
  #confirmed = 0;
  isFree = true;
  readonly problems: string[] = [];

  constructor(user: string) {
    this.user = user;
  }

  setting(): number {
    this.isFree = false;
    this.#set += 1;
    return this.#set;
  }

  confirmed(): void {
    this.#confirmed = this.#set;
    this.isFree = true;
  }

  get isKnown(): boolean {
    return this.#confirmed > 0;
  }

  expect(): (found: number) => string | undefined {
    const least = this.#confirmed;
    return (found) => outside({ least, most: this.#set }, found, this.user);
  }
}

function outside({ least, most }: Bounds, found: number, who: string): string | undefined {
  if (found >= least && found <= most) return undefined;
  return `${who} reads ${found}, where ${least} to ${most} is possible.`;
}
