/** A log in memory, kept as text as on disk, and a machine that fetches from it what a decision needs. */
import {
  type Command,
  type CommandType,
  type Event,
  Facts,
  type LoggedMessage,
  Machine,
  type MessageIds,
  type Need,
  parseEvent,
  type Query,
  type QueryResult,
  type QueryType,
} from '@badged/core';

export const ids: MessageIds = {
  make: (conversation, position) => {
    return `${String(conversation).padStart(8, '0')}-0000-8000-8000-${String(position).padStart(12, '0')}`;
  },
  parse: (id) => {
    if (id.charAt(14) !== '8') return undefined;
    return { conversation: Number(id.slice(0, 8)), position: Number(id.slice(24)) };
  },
};

const settings = { mode: 'unread_messages', includeAnnouncements: true } as const;

export class MemoryLog {
  readonly rows: string[] = [];
  /** How many messages were read. */
  read = 0;
  readonly #limit: number;

  /** `limit`: how many messages one fetch returns at most. */
  constructor(limit = 1_000) {
    this.#limit = limit;
  }

  append(event: Event): number {
    return this.rows.push(JSON.stringify(event));
  }

  applyAfter(seq: number, machine: Machine): void {
    for (const [index, row] of this.rows.entries())
      if (index >= seq) machine.apply(parseEvent(row), index + 1);
  }

  decide<T extends CommandType>(machine: Machine, command: Command<T>, facts = new Facts()) {
    for (;;) {
      const decision = machine.decide(command, facts);
      if (decision.needs === undefined) return decision;
      this.#fetchAll(decision.needs, facts);
    }
  }

  ask<T extends QueryType>(
    machine: Machine,
    query: Query<T> & { readonly type: T },
    facts = new Facts(),
  ): QueryResult<T> {
    for (;;) {
      const reply = machine.ask<T>(query, settings, facts);
      if (reply.needs === undefined) return reply.result;
      this.#fetchAll(reply.needs, facts);
    }
  }

  /** Decides, and applies what it comes to. */
  execute(machine: Machine, command: Command) {
    const decision = this.decide(machine, command);
    if (decision.refusal === undefined && decision.event !== null)
      machine.apply(decision.event, this.append(decision.event));
    return decision;
  }

  /** All that the log has, as facts. */
  everything(): Facts {
    const facts = new Facts();
    for (const [index] of this.rows.entries()) {
      const found = this.#message(index + 1);
      if (found === undefined) continue;
      facts.add({ kind: 'messages', from: found.reference, to: 0 }, [found]);
      if (found.message.id !== undefined) facts.setChosen(found.message.id, found);
    }
    return facts;
  }

  #fetchAll(needs: readonly Need[], facts: Facts): void {
    for (const need of needs) {
      if (need.kind === 'chosen_id') facts.setChosen(need.id, this.#chosen(need.id));
      else facts.add(need, this.#back(need.from, need.to));
    }
  }

  #chosen(id: string): LoggedMessage | null {
    this.read += 1;
    for (const [index] of this.rows.entries()) {
      const found = this.#message(index + 1);
      if (found?.message.id === id) return found;
    }
    return null;
  }

  #back(from: number, to: number): LoggedMessage[] {
    const found: LoggedMessage[] = [];
    for (let reference = from; reference !== 0 && found.length < this.#limit; ) {
      this.read += 1;
      const next = this.#message(reference);
      if (next === undefined) break;
      found.push(next);
      reference = next.message.position <= to ? 0 : (next.message.previous ?? 0);
    }
    return found;
  }

  #message(reference: number): LoggedMessage | undefined {
    const row = this.rows[reference - 1];
    const message = row === undefined ? undefined : parseEvent(row);
    return message?.type === 'message' ? { reference, message } : undefined;
  }
}

export function newMachine(): Machine {
  return new Machine(ids, [1, 2, 3, 4]);
}
