/**
 * The counts that a correct server must have, by brute force: one byte per participant and message, 1 while it
 * is unread. It is naive on purpose and shares no code and no method with the server that it checks.
 */
import { type Operation, operationKinds } from './operations.js';

interface Conversation {
  head: number;
  readonly deleted: Set<number>;
  /** By participant: 1 at the index of each unread position. */
  readonly unread: Map<number, Uint8Array<ArrayBuffer>>;
}

export interface ExpectedConversation {
  readonly conversation: number;
  readonly unread: number;
}

const initialCapacity = 8;

export class ExpectedCounts {
  readonly #conversations = new Map<number, Conversation>();

  apply(operation: Operation): void {
    const { kind, user, position } = operation;
    if (kind === operationKinds.createConversation) {
      const conversation = { head: 0, deleted: new Set<number>(), unread: new Map() };
      conversation.unread.set(user, new Uint8Array(initialCapacity));
      this.#conversations.set(operation.conversation, conversation);
      return;
    }
    const conversation = this.#conversation(operation.conversation);
    if (kind === operationKinds.addParticipant)
      conversation.unread.set(user, new Uint8Array(initialCapacity));
    else if (kind === operationKinds.sendMessage) send(conversation, user, position);
    else if (kind === operationKinds.markAllRead) conversation.unread.get(user)?.fill(0, 0, position + 1);
    else if (kind === operationKinds.readMessage)
      conversation.unread.get(user)?.fill(0, position, position + 1);
    else if (kind === operationKinds.deleteMessage) {
      conversation.deleted.add(position);
      for (const unread of conversation.unread.values()) unread.fill(0, position, position + 1);
    }
  }

  unread(user: number, conversation: number): number {
    let count = 0;
    for (const isUnread of this.#conversations.get(conversation)?.unread.get(user) ?? []) count += isUnread;
    return count;
  }

  head(conversation: number): number {
    return this.#conversation(conversation).head;
  }

  /** The position of the last message that is not deleted, or 0. */
  lastMessage(conversation: number): number {
    const { head, deleted } = this.#conversation(conversation);
    let position = head;
    while (deleted.has(position)) position -= 1;
    return position;
  }

  /** Each user's conversations with their unread counts. */
  byUser(): Map<number, ExpectedConversation[]> {
    const users = new Map<number, ExpectedConversation[]>();
    for (const [conversation, { unread }] of this.#conversations) {
      for (const user of unread.keys()) {
        const list = users.get(user) ?? [];
        list.push({ conversation, unread: this.unread(user, conversation) });
        users.set(user, list);
      }
    }
    return users;
  }

  #conversation(number: number): Conversation {
    const conversation = this.#conversations.get(number);
    if (conversation === undefined) throw new Error(`Conversation ${number} is used before it is created.`);
    return conversation;
  }
}

function send(conversation: Conversation, sender: number, position: number): void {
  conversation.head = position;
  for (const [user, unread] of conversation.unread) {
    if (user === sender) continue;
    let positions = unread;
    if (position >= positions.length) {
      positions = new Uint8Array(Math.max(position + 1, positions.length * 2));
      positions.set(unread);
      conversation.unread.set(user, positions);
    }
    positions[position] = 1;
  }
}
