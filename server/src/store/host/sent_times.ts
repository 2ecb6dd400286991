/**
 * When some messages were sent, by conversation and position: those that lists of chat badges looked up in the log. A user who
 * polls the list asks for the same ones each time. They never change, so only their number is limited.
 */
const most = 10_000;

export class SentTimes {
  readonly #times = new Map<string, number>();

  get(conversation: number, position: number): number | undefined {
    return this.#times.get(key(conversation, position));
  }

  /** Beyond the limit, the time that was added first is forgotten. */
  add(conversation: number, position: number, at: number): void {
    this.#times.set(key(conversation, position), at);
    if (this.#times.size <= most) return;
    const [first] = this.#times.keys();
    if (first !== undefined) this.#times.delete(first);
  }
}

function key(conversation: number, position: number): string {
  return `${conversation} ${position}`;
}
