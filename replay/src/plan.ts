/**
 * Turns the messages of a workload into operations, and adds what a workload does not hold: reads and a few
 * deletions, drawn from a seed. The first sender creates the conversation, every other one is added before
 * their first message. Every operation can be repeated without harm and depends on its own conversation
 * alone, so a replay may run conversations side by side, stop anywhere, and start again from the beginning:
 * nobody leaves, nothing is marked unread, and reads always name a position. The plan for the first n
 * messages is the beginning of the plan for more.
 */
import { KIND, OperationList } from './operations.js';
import { Random } from './random.js';
import type { WorkloadMessage } from './workload.js';

const DAY_SECONDS = 86_400;
/** A sender has usually, but not always, read what stands above their own message. */
const READS_ON_SENDING = 0.5;
/** Somebody else reads a few single messages, in any order, as from notifications. */
const READS_SINGLE = 0.12;
const MOST_SINGLE_READS = 4;
/** Some receipts come for what was read already, or by the sender: they must change nothing. */
const READS_AGAIN = 0.15;
const READER_DRAWS = 4;
/** Who comes back after a day opens some unread conversations, most of them down to the end. */
const MOST_OPENED = 6;
const READS_TO_THE_END = 0.8;
/** Single reads and deletions look this far back, so that most of them meet messages still unread. */
const RECENT_MESSAGES = 50;
const DELETES = 0.01;

export interface Plan {
  readonly seed: number;
  readonly operations: OperationList;
  readonly messages: number;
  /** Operations that mark something as read. */
  readonly reads: number;
  readonly deletions: number;
  /** Every user there is, each once, in order of appearance. */
  readonly users: readonly number[];
  /** Whether the plan deletes this message, at any time. */
  isDeleted(conversation: number, position: number): boolean;
}

export async function makePlan(
  workload: Iterable<WorkloadMessage> | AsyncIterable<WorkloadMessage>,
  seed: number,
  onMessage: (messages: number) => void = () => {},
): Promise<Plan> {
  const planner = new Planner(seed);
  for await (const message of workload) {
    planner.add(message);
    onMessage(planner.messages);
  }
  return planner;
}

interface Participation {
  readonly joinedAt: number;
  /** Up to where this participant has opened the conversation; a guide for choosing reads, not a count. */
  opened: number;
}

interface Conversation {
  readonly number: number;
  head: number;
  readonly participants: Map<number, Participation>;
  /** The same participants, to draw one from. */
  readonly order: number[];
  readonly deleted: Set<number>;
}

class Planner implements Plan {
  readonly seed: number;
  readonly operations = new OperationList();
  messages = 0;
  reads = 0;
  deletions = 0;
  readonly #random: Random;
  readonly #conversations = new Map<number, Conversation>();
  readonly #people = new Map<number, { lastSeen: number; readonly conversations: Conversation[] }>();

  constructor(seed: number) {
    this.seed = seed;
    this.#random = new Random(seed);
  }

  get users(): readonly number[] {
    return [...this.#people.keys()];
  }

  isDeleted(conversation: number, position: number): boolean {
    return this.#conversations.get(conversation)?.deleted.has(position) ?? false;
  }

  add(message: WorkloadMessage): void {
    const person = this.#people.get(message.sender) ?? { lastSeen: message.seconds, conversations: [] };
    this.#people.set(message.sender, person);
    if (message.seconds - person.lastSeen >= DAY_SECONDS)
      this.#comeBack(message.sender, person.conversations);
    person.lastSeen = message.seconds;

    const conversation = this.#enter(message.conversation, message.sender, person.conversations);
    conversation.head += 1;
    this.operations.push(KIND.sendMessage, conversation.number, message.sender, conversation.head);
    this.messages += 1;

    if (this.#random.chance(READS_ON_SENDING)) {
      this.#readUpTo(conversation, message.sender, conversation.head);
    }
    if (this.#random.chance(READS_SINGLE)) this.#readSingly(conversation);
    if (this.#random.chance(DELETES)) this.#delete(conversation);
  }

  #enter(number: number, user: number, joined: Conversation[]): Conversation {
    let conversation = this.#conversations.get(number);
    if (conversation === undefined) {
      conversation = { number, head: 0, participants: new Map(), order: [], deleted: new Set() };
      this.#conversations.set(number, conversation);
      this.operations.push(KIND.createConversation, number, user, 0);
    } else if (!conversation.participants.has(user)) {
      this.operations.push(KIND.addParticipant, number, user, 0);
    }
    if (!conversation.participants.has(user)) {
      conversation.participants.set(user, { joinedAt: conversation.head, opened: conversation.head });
      conversation.order.push(user);
      joined.push(conversation);
    }
    return conversation;
  }

  #comeBack(user: number, joined: readonly Conversation[]): void {
    const unread = joined.filter((one) => one.head > (one.participants.get(user)?.opened ?? 0));
    const opens = Math.min(unread.length, this.#random.below(MOST_OPENED + 1));
    const first = this.#random.below(Math.max(1, unread.length));
    for (let index = 0; index < opens; index += 1) {
      const conversation = unread[(first + index) % unread.length];
      const opened = conversation?.participants.get(user)?.opened;
      if (conversation === undefined || opened === undefined) continue;
      const toTheEnd = this.#random.chance(READS_TO_THE_END);
      const missed = conversation.head - opened;
      this.#readUpTo(
        conversation,
        user,
        toTheEnd ? conversation.head : opened + 1 + this.#random.below(missed),
      );
    }
  }

  #readUpTo(conversation: Conversation, user: number, position: number): void {
    this.operations.push(KIND.markAllRead, conversation.number, user, position);
    this.reads += 1;
    const participation = conversation.participants.get(user);
    if (participation !== undefined) participation.opened = position;
  }

  /** Messages of before the reader joined are left alone: there is nothing to read for them there. */
  #readSingly(conversation: Conversation): void {
    const user = this.#someReader(conversation);
    const { joinedAt = 0, opened = 0 } = conversation.participants.get(user) ?? {};
    const isUnread = opened < conversation.head && !this.#random.chance(READS_AGAIN);
    const reach = Math.min(RECENT_MESSAGES, conversation.head - (isUnread ? opened : joinedAt));
    const wanted = 1 + this.#random.below(MOST_SINGLE_READS);
    const chosen = new Set<number>();
    for (let draw = 0; draw < wanted && reach > 0; draw += 1) {
      chosen.add(conversation.head - this.#random.below(reach));
    }
    for (const position of chosen) {
      if (conversation.deleted.has(position)) continue;
      this.operations.push(KIND.readMessage, conversation.number, user, position);
      this.reads += 1;
    }
  }

  /** Somebody who has not opened the conversation since it went on, if a few draws find one. */
  #someReader({ order, participants, head }: Conversation): number {
    let user = 0;
    for (let draw = 0; draw < READER_DRAWS; draw += 1) {
      user = order[this.#random.below(order.length)] ?? 0;
      if ((participants.get(user)?.opened ?? head) < head) break;
    }
    return user;
  }

  #delete(conversation: Conversation): void {
    const position = conversation.head - this.#random.below(Math.min(RECENT_MESSAGES, conversation.head));
    if (conversation.deleted.has(position)) return;
    conversation.deleted.add(position);
    this.operations.push(KIND.deleteMessage, conversation.number, 0, position);
    this.deletions += 1;
  }
}
