/** Adds users, conversations, participations, messages and gaps to one machine, and says after each step what it took. */
import { randomUUID } from 'node:crypto';
import { type Event, Machine } from '@badged/core';
import { answer, input, numberIn } from '../measure/child.js';
import { progress } from '../measure/progress.js';

/** As in the benchmark `start`: each user takes part in ten conversations, and ten users in each. */
const perConversation = 10;
/** Participants join at it: a column of zeros would take nothing. */
const head = 20;
const perEvent = 100;
/** What a checkpoint remembers of changes is taken away so often, as a checkpoint would. */
const eventsPerRound = 20_000;
const at = 1_700_000_000_000;

const wanted = await input();
const userCount = numberIn(wanted, 'users');
const conversationCount = Math.ceil(numberIn(wanted, 'participations') / perConversation);
const gaps = 100_000;

const ids = { make: () => '', parse: () => undefined };
const machine = new Machine(ids, [1, 2, 3, 4]);
let reference = 0;
const steps: object[] = [];

step('user', userCount, users());
step('conversation', conversationCount, conversations());
step('participation', conversationCount * perConversation, participations());
step('conversation, for its first message', conversationCount, messages());
step('participation in ten, for a message read above the cursor', conversationCount, reads());
step('gap of a user who sends and never reads', gaps, alternating());
await answer({ steps });
process.exit();

function step(what: string, count: number, events: Iterable<Event>): void {
  if (count === 0) return;
  const before = memory();
  let longestMs = 0;
  const begun = performance.now();
  let last = begun;
  for (const event of events) {
    reference += 1;
    const from = performance.now();
    machine.apply(event, reference);
    last = performance.now();
    longestMs = Math.max(longestMs, last - from);
    if (reference % eventsPerRound !== 0) continue;
    machine.state.takeChanged();
    progress(`${what}: ${reference} events`);
  }
  machine.state.takeChanged();
  const after = memory();
  steps.push({
    what,
    count,
    longestMs,
    ms: last - begun,
    heapBytes: after.heap - before.heap,
    residentBytes: after.resident - before.resident,
  });
}

function* users(): Generator<Event> {
  for (let first = 1; first <= userCount; first += perEvent) {
    const length = Math.min(perEvent, userCount - first + 1);
    const users = Array.from({ length }, (_, n) => [first + n, userId(first + n), 0] as const);
    yield { type: 'external', counts: [], users };
  }
}

function* conversations(): Generator<Event> {
  for (let conversation = 1; conversation <= conversationCount; conversation += 1) {
    const id = randomUUID();
    yield { type: 'conversation_created', conversation, id, at, distinct: false, participants: [] };
  }
}

function* participations(): Generator<Event> {
  for (let conversation = 1; conversation <= conversationCount; conversation += 1) {
    const joined = participants(conversation);
    yield { type: 'conversation_changed', conversation, distinct: false, left: [], joined, head };
  }
}

function* messages(): Generator<Event> {
  for (let conversation = 1; conversation <= conversationCount; conversation += 1)
    yield message(conversation, head + 1, participants(conversation)[0] ?? 0);
}

function* reads(): Generator<Event> {
  for (let conversation = 1; conversation <= conversationCount; conversation += 1)
    yield {
      type: 'read',
      user: participants(conversation)[1] ?? 0,
      read: [[conversation, head + 3, head + 3]],
    };
}

function* alternating(): Generator<Event> {
  const [one = 0, other = 0] = participants(1);
  for (let position = head + 2; position < head + 2 + gaps; position += 1)
    yield message(1, position, position % 2 === 0 ? one : other);
}

function message(conversation: number, position: number, sender: number): Event {
  return { type: 'message', conversation, position, sender, at };
}

function participants(conversation: number): number[] {
  const stride = Math.max(1, Math.floor(userCount / perConversation));
  return Array.from({ length: perConversation }, (_, k) => ((conversation + k * stride) % userCount) + 1);
}

function userId(user: number): string {
  return `user-${String(user).padStart(8, '0')}`;
}

function memory(): { readonly heap: number; readonly resident: number } {
  if (globalThis.gc === undefined) throw new Error('needs --expose-gc');
  for (let round = 0; round < 3; round += 1) globalThis.gc();
  const { heapUsed, external, rss } = process.memoryUsage();
  return { heap: heapUsed + external, resident: rss };
}
