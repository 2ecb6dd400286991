/**
 * Rows of the state may be read at different moments and put back together: with the events since the earliest
 * applied again, they make the state they came from. docs/decisions/0002-fuzzy-checkpoints.md says why.
 */
import { type Changed, type Machine, snapshot } from '@badged/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MemoryLog, newMachine } from './memory_log.js';
import { command, everyUser } from './random_commands.js';

const now = 1_500;

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

  /** The participations, as "conversation/user", of conversations that do not exist. */
  ofDeletedConversations({ state }: Machine): string[] {
    return [...this.#participations.keys()].filter(
      (key) => !state.conversations.exists(Number.parseInt(key, 10)),
    );
  }

  restore(machine: Machine): void {
    const { state } = machine;
    for (const row of this.#users.values()) snapshot.restoreUser(state, JSON.parse(row));
    for (const row of this.#conversations.values()) snapshot.restoreConversation(state, JSON.parse(row));
    for (const row of this.#participations.values()) snapshot.restoreParticipation(state, JSON.parse(row));
    for (const row of this.#announcements.values()) snapshot.restoreAnnouncement(state, JSON.parse(row));
    snapshot.indexDistinct(state, 1, state.conversations.count);
  }
}

function put<K>(table: Map<K, string>, key: K, row: unknown): void {
  if (row === undefined) table.delete(key);
  else table.set(key, JSON.stringify(row));
}

/** Everything that can be asked, and the rows themselves. */
function everything(machine: Machine, log: MemoryLog): unknown {
  const { state } = machine;
  const conversations = Array.from({ length: state.conversations.count }, (_, index) => index + 1);
  return {
    users: everyUser.map((user) => ({
      user,
      explanation: log.ask(machine, { type: 'explanation', user, now }),
      blocks: [...(log.ask(machine, { type: 'blocks', user }) ?? [])].sort(),
      chatBadges: log.ask(machine, { type: 'chat_badges', user, now }),
      lists: log.ask(machine, {
        ...{ type: 'user_conversations', user, sortBy: 'last_message', limit: 10, unreadOnly: false, now },
      }),
    })),
    distinct: distinctConversations(machine),
    conversations: conversations.map((one) => {
      const row = snapshot.readConversation(state, one);
      return row.exists ? { ...row, participants: state.conversations.participants.get(one) } : row.id;
    }),
    participations: conversations.flatMap((one) =>
      everyUser.map((user) => snapshot.readParticipation(state, one, state.users.number(user)) ?? null),
    ),
  };
}

/** What is found by the participants of each conversation. */
function distinctConversations(machine: Machine): unknown {
  const { conversations, participations, users } = machine.state;
  const { count } = conversations;
  return Array.from({ length: count }, (_, index) => index + 1).map((one) => {
    const participants = [...participations.ofConversation(one)].map((row) =>
      users.id(participations.user.get(row)),
    );
    if (!conversations.exists(one) || participants.length === 0) return null;
    const create = { type: 'create_conversation', id: 'new', distinct: true, metadata: null, at: 1 } as const;
    const decision = machine.decide({ ...create, participants });
    if (decision.needs !== undefined || decision.refusal !== undefined) return 'refused';
    return decision.event === null ? decision.result().conversation.id : 'new';
  });
}

const script = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: command },
    { weight: 2, arbitrary: fc.constant('chunk' as const) },
    { weight: 1, arbitrary: fc.constant('release' as const) },
  ),
  {
    minLength: 10,
    maxLength: 80,
  },
);

describe('a checkpoint taken row by row', () => {
  test('promise 5: whatever was written when the process died, the log since the last whole one makes the same state', () => {
    fc.assert(
      fc.property(script, (steps) => {
        const log = new MemoryLog();
        const machine = newMachine();
        const tables = new Tables();
        let writing: Generator<void> | undefined;
        for (const step of steps) {
          if (step === 'chunk') {
            writing ??= tables.checkpoint(machine, log.rows.length);
            if (writing.next().done === true) writing = undefined;
          } else if (step === 'release') machine.release(1);
          else log.execute(machine, step);
        }
        const restarted = newMachine();
        tables.restore(restarted);
        log.applyAfter(tables.completed, restarted);
        expect(everything(restarted, log)).toEqual(everything(machine, log));
        while (restarted.release(1));
        for (const _ of tables.checkpoint(restarted, log.rows.length));
        expect(tables.ofDeletedConversations(restarted)).toEqual([]);
        const again = newMachine();
        tables.restore(again);
        expect(everything(again, log)).toEqual(everything(machine, log));
      }),
      { numRuns: Number(process.env.BADGED_CHECKPOINT_RUNS ?? 2_000) },
    );
  });
});
