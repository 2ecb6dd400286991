/**
 * Rows of the state may be read at different moments and put back together: with the events since the earliest
 * applied again, they make the state they came from. docs/decisions/0002-fuzzy-checkpoints.md says why.
 */
import { type Changed, type Event, Machine, type MessageIds, parseEvent, snapshot } from '@badged/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { command, everyUser } from './random_commands.js';

const now = 1_500;

const ids: MessageIds = {
  make: (conversation, position) => {
    return `${String(conversation).padStart(8, '0')}-0000-8000-8000-${String(position).padStart(12, '0')}`;
  },
  parse: (id) => {
    if (id.charAt(14) !== '8') return undefined;
    return { conversation: Number(id.slice(0, 8)), position: Number(id.slice(24)) };
  },
};

/** A journal in memory, kept as text as on disk. */
class Journal {
  readonly rows: string[] = [];

  machine(): Machine {
    return new Machine(
      {
        at: (reference) => {
          const event = this.#event(reference);
          return event?.type === 'message' ? event : undefined;
        },
        find: (id) => {
          const index = this.rows.findIndex(
            (row) => 'id' in parseEvent(row) && row.includes(`"${id}"`) && row.includes('"type":"message"'),
          );
          return index < 0 ? undefined : index + 1;
        },
      },
      ids,
    );
  }

  append(event: Event): number {
    return this.rows.push(JSON.stringify(event));
  }

  applyAfter(seq: number, machine: Machine): void {
    for (const [index, row] of this.rows.entries())
      if (index >= seq) machine.apply(parseEvent(row), index + 1);
  }

  #event(reference: number): Event | undefined {
    const row = this.rows[reference - 1];
    return row === undefined ? undefined : parseEvent(row);
  }
}

/** The tables that checkpoints write, row by row. */
class Tables {
  readonly #users = new Map<number, string>();
  readonly #conversations = new Map<number, string>();
  readonly #announcements = new Map<number, string>();
  readonly #participations = new Map<string, string>();
  completed = 0;

  *checkpoint(machine: Machine, seq: number): Generator<void> {
    const { state } = machine;
    const changed: Changed = state.takeChanged();
    for (const user of changed.users) yield put(this.#users, user, snapshot.readUser(state, user));
    for (const one of changed.announcements)
      yield put(this.#announcements, one, snapshot.readAnnouncement(state, one));
    for (const one of changed.conversations)
      yield put(this.#conversations, one, snapshot.readConversation(state, one));
    for (const [conversation, users] of changed.participations) {
      for (const user of users) {
        yield put(
          this.#participations,
          `${conversation}/${user}`,
          snapshot.readParticipation(state, conversation, user),
        );
      }
    }
    this.completed = seq;
  }

  restore(machine: Machine): void {
    const { state } = machine;
    for (const row of this.#users.values()) snapshot.restoreUser(state, JSON.parse(row));
    for (const row of this.#conversations.values()) snapshot.restoreConversation(state, JSON.parse(row));
    for (const row of this.#participations.values()) snapshot.restoreParticipation(state, JSON.parse(row));
    for (const row of this.#announcements.values()) snapshot.restoreAnnouncement(state, JSON.parse(row));
  }
}

function put<K>(table: Map<K, string>, key: K, row: unknown): void {
  if (row === undefined) table.delete(key);
  else table.set(key, JSON.stringify(row));
}

const settings = { mode: 'unread_messages', includeAnnouncements: true } as const;

/** Everything that can be asked, and the rows themselves. */
function everything(machine: Machine): unknown {
  const { state } = machine;
  const conversations = Array.from({ length: state.conversations.count }, (_, index) => index + 1);
  return {
    users: everyUser.map((user) => ({
      user,
      explanation: machine.ask({ type: 'explanation', user, now }, settings),
      blocks: [...(machine.ask({ type: 'blocks', user }, settings) ?? [])].sort(),
      lists: machine.ask(
        { type: 'user_conversations', user, sortBy: 'last_message', limit: 10, unreadOnly: false, now },
        settings,
      ),
    })),
    conversations: conversations.map((one) => {
      const row = snapshot.readConversation(state, one);
      return row.exists ? { ...row, participants: state.conversations.participants.get(one) } : row.id;
    }),
    participations: conversations.flatMap((one) =>
      everyUser.map((user) => snapshot.readParticipation(state, one, state.users.number(user)) ?? null),
    ),
  };
}

const script = fc.array(
  fc.oneof({ weight: 3, arbitrary: command }, { weight: 2, arbitrary: fc.constant('bite' as const) }),
  {
    minLength: 10,
    maxLength: 80,
  },
);

describe('a checkpoint taken row by row', () => {
  test('promise 5: whatever was written when the process died, the journal since the last whole one makes the same state', () => {
    fc.assert(
      fc.property(script, (steps) => {
        const journal = new Journal();
        const machine = journal.machine();
        const tables = new Tables();
        let writing: Generator<void> | undefined;
        for (const step of steps) {
          if (step === 'bite') {
            writing ??= tables.checkpoint(machine, journal.rows.length);
            if (writing.next().done === true) writing = undefined;
            continue;
          }
          const decision = machine.decide(step);
          if (decision.refusal === undefined && decision.event !== null)
            machine.apply(decision.event, journal.append(decision.event));
        }
        const restarted = journal.machine();
        tables.restore(restarted);
        journal.applyAfter(tables.completed, restarted);
        expect(everything(restarted)).toEqual(everything(machine));
      }),
      { numRuns: Number(process.env.BADGED_CHECKPOINT_RUNS ?? 2_000) },
    );
  });

  test('deciding changes nothing: the same command decided twice comes to the same event', () => {
    fc.assert(
      fc.property(fc.array(command, { maxLength: 30 }), (commands) => {
        const journal = new Journal();
        const machine = journal.machine();
        for (const one of commands) {
          const first = machine.decide(one);
          const second = machine.decide(one);
          expect(JSON.stringify(second)).toBe(JSON.stringify(first));
          if (first.refusal === undefined && first.event !== null)
            machine.apply(first.event, journal.append(first.event));
        }
      }),
      { numRuns: 100 },
    );
  });
});
