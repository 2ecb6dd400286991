/** A log to split: random commands that a whole machine decides, in every way that changes a badge. */
import { type Command, type Event, Facts, Machine } from '@badged/core';

export interface MadeLog {
  readonly machine: Machine;
  readonly events: readonly Event[];
  readonly users: readonly string[];
}

const participantsOfEach = 10;

/** Half a message and half a receipt for each participation, beside what is rare. */
export function makeLog(participations: number): MadeLog {
  const random = randomNumbers(1);
  const below = (end: number) => Math.floor(random() * end);
  const machine = newMachine();
  const events: Event[] = [];
  const users = Array.from({ length: Math.ceil(participations / participantsOfEach) }, (_, n) => `user-${n}`);
  const anyUser = () => users[below(users.length)] ?? '';
  const conversations: { readonly id: string; readonly users: readonly string[] }[] = [];
  const facts = new Facts();
  const execute = (command: Command) => {
    const decision = machine.decide(command, facts);
    if (decision.needs !== undefined || decision.refusal !== undefined || decision.event === null) return;
    events.push(decision.event);
    machine.apply(decision.event, events.length);
  };
  for (let n = 0; n < participations / participantsOfEach; n += 1) {
    const participants = [...new Set(Array.from({ length: participantsOfEach }, anyUser))];
    conversations.push({ id: uuid(n), users: participants });
    execute({
      type: 'create_conversation',
      id: uuid(n),
      participants,
      distinct: false,
      metadata: null,
      at: n,
    });
  }
  for (let n = 0; n < participations; n += 1) {
    const room = conversations[below(conversations.length)];
    const user = room?.users[below(room.users.length)];
    if (room !== undefined && user !== undefined) execute(commandFor(room, user, below(100), anyUser()));
  }
  return { machine, events, users };
}

function commandFor(
  { id: conversation, users }: { readonly id: string; readonly users: readonly string[] },
  user: string,
  draw: number,
  other: string,
): Command {
  const rare: readonly Command[] = [
    { type: 'mark_unread', user, conversation, position: 1 },
    { type: 'set_notifications', user, conversation, level: 'mentions', mutedUntil: null },
    { type: 'change_blocks', owner: user, operations: [{ operation: 'add', user: other }] },
    { type: 'set_external', counts: [{ user, name: 'tasks', count: 3 }] },
    change(conversation, 'remove', user),
    change(conversation, 'add', other),
    {
      type: 'announce',
      id: uuid(1_000_000_000 + Math.floor(Number(conversation.slice(24)))),
      recipients: [user, other],
      at: 1,
    },
  ];
  const chosen = rare[draw];
  if (chosen !== undefined) return chosen;
  if (draw % 2 === 0) return { type: 'mark_all_read', user, conversations: [{ conversation }] };
  const mentions = draw % 20 === 1 ? users.slice(0, 2) : [];
  return { type: 'send_message', conversation, sender: { userId: user }, mentions, silent: false, at: draw };
}

function change(conversation: string, operation: 'add' | 'remove', user: string): Command {
  const operations = [{ operation, property: 'participants', user }] as const;
  return { type: 'change_conversation', conversation, operations };
}

export function newMachine(): Machine {
  const ids = { make: (_: number, position: number) => uuid(position), parse: () => undefined };
  return new Machine(ids, [1, 2, 3, 4]);
}

function uuid(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
}

/** The same numbers for the same seed, between 0 and 1. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
