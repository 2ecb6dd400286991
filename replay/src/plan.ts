/**
 * Turns the messages of a workload into operations, and adds reads and a few deletions, drawn from a seed. Every
 * operation is idempotent and depends on its own conversation only, so a replay may stop anywhere and start
 * again: no user leaves, nothing is marked unread, and reads always name a position. The plan for n messages is
 * the beginning of the plan for more.
 */
import { OperationList, operationKinds } from './operations.js';
import { Random } from './random.js';
import type { WorkloadMessage } from './workload.js';

const daySeconds = 86_400;
/** Senders have often, but not always, read the messages before their own. */
const readsOnSendingShare = 0.5;
/** After a message, a participant may read a few single messages, in any order, as from notifications. */
const singleReadsShare = 0.12;
const maxSingleReads = 4;
/** Some receipts are for messages that do not count any more: they must change nothing. */
const repeatedReadsShare = 0.15;
const readerDraws = 4;
/** A user who returns after a day opens some unread conversations, most of them to the end. */
const maxOpened = 6;
const readsToEndShare = 0.8;
/** Single reads and deletions concern this many recent messages, most of which are still unread. */
const recentMessages = 50;
const deletesShare = 0.01;

export interface Plan {
  readonly seed: number;
  readonly operations: OperationList;
  readonly messages: number;
  /** Operations that mark something as read. */
  readonly reads: number;
  readonly deletions: number;
  /** Each user once, in order of appearance. */
  readonly users: readonly number[];
  /** Whether the plan deletes this message at any point. */
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
  /** The position up to which this participant opened the conversation. It guides the choice of reads only. */
  opened: number;
}

interface Conversation {
  readonly number: number;
  head: number;
  readonly participants: Map<number, Participation>;
  /** The same participants, as a list to draw from. */
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
  readonly #users = new Map<number, { lastSeen: number; readonly conversations: Conversation[] }>();

  constructor(seed: number) {
    this.seed = seed;
    this.#random = new Random(seed);
  }

  get users(): readonly number[] {
    return [...this.#users.keys()];
  }

  isDeleted(conversation: number, position: number): boolean {
    return this.#conversations.get(conversation)?.deleted.has(position) ?? false;
  }

  add(message: WorkloadMessage): void {
    const user = this.#users.get(message.sender) ?? { lastSeen: message.seconds, conversations: [] };
    this.#users.set(message.sender, user);
    if (message.seconds - user.lastSeen >= daySeconds) this.#return(message.sender, user.conversations);
    user.lastSeen = message.seconds;

    const conversation = this.#enter(message.conversation, message.sender, user.conversations);
    conversation.head += 1;
    this.operations.push(operationKinds.sendMessage, conversation.number, message.sender, conversation.head);
    this.messages += 1;

    if (this.#random.chance(readsOnSendingShare)) {
      this.#readUpTo(conversation, message.sender, conversation.head);
    }
    if (this.#random.chance(singleReadsShare)) this.#readSingly(conversation);
    if (this.#random.chance(deletesShare)) this.#delete(conversation);
  }

  #enter(number: number, user: number, joined: Conversation[]): Conversation {
    let conversation = this.#conversations.get(number);
    if (conversation === undefined) {
      conversation = { number, head: 0, participants: new Map(), order: [], deleted: new Set() };
      this.#conversations.set(number, conversation);
      this.operations.push(operationKinds.createConversation, number, user, 0);
    } else if (!conversation.participants.has(user)) {
      this.operations.push(operationKinds.addParticipant, number, user, 0);
    }
    if (!conversation.participants.has(user)) {
      conversation.participants.set(user, { joinedAt: conversation.head, opened: conversation.head });
      conversation.order.push(user);
      joined.push(conversation);
    }
    return conversation;
  }

  #return(user: number, joined: readonly Conversation[]): void {
    const unread = joined.filter((one) => one.head > (one.participants.get(user)?.opened ?? 0));
    const opens = Math.min(unread.length, this.#random.below(maxOpened + 1));
    const first = this.#random.below(Math.max(1, unread.length));
    for (let index = 0; index < opens; index += 1) {
      const conversation = unread[(first + index) % unread.length];
      const opened = conversation?.participants.get(user)?.opened;
      if (conversation === undefined || opened === undefined) continue;
      const toTheEnd = this.#random.chance(readsToEndShare);
      const missed = conversation.head - opened;
      this.#readUpTo(
        conversation,
        user,
        toTheEnd ? conversation.head : opened + 1 + this.#random.below(missed),
      );
    }
  }

  #readUpTo(conversation: Conversation, user: number, position: number): void {
    this.operations.push(operationKinds.markAllRead, conversation.number, user, position);
    this.reads += 1;
    const participation = conversation.participants.get(user);
    if (participation !== undefined) participation.opened = position;
  }

  /** Messages sent before the reader joined are not read: they never count for that reader. */
  #readSingly(conversation: Conversation): void {
    const user = this.#pickReader(conversation);
    const { joinedAt = 0, opened = 0 } = conversation.participants.get(user) ?? {};
    const isUnread = opened < conversation.head && !this.#random.chance(repeatedReadsShare);
    const reach = Math.min(recentMessages, conversation.head - (isUnread ? opened : joinedAt));
    const wanted = 1 + this.#random.below(maxSingleReads);
    const chosen = new Set<number>();
    for (let draw = 0; draw < wanted && reach > 0; draw += 1) {
      chosen.add(conversation.head - this.#random.below(reach));
    }
    for (const position of chosen) {
      if (conversation.deleted.has(position)) continue;
      this.operations.push(operationKinds.readMessage, conversation.number, user, position);
      this.reads += 1;
    }
  }

  /** A participant with unread messages, if a few draws find one. */
  #pickReader({ order, participants, head }: Conversation): number {
    let user = 0;
    for (let draw = 0; draw < readerDraws; draw += 1) {
      user = order[this.#random.below(order.length)] ?? 0;
      if ((participants.get(user)?.opened ?? head) < head) break;
    }
    return user;
  }

  #delete(conversation: Conversation): void {
    const position = conversation.head - this.#random.below(Math.min(recentMessages, conversation.head));
    if (conversation.deleted.has(position)) return;
    conversation.deleted.add(position);
    this.operations.push(operationKinds.deleteMessage, conversation.number, 0, position);
    this.deletions += 1;
  }
}
