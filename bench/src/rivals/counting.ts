/** What a rival counts with, behind the same routes. */
import type { Room } from './scene.js';

export interface SentMessage {
  readonly id: string;
  readonly position: number;
}

export interface Counts {
  readonly messages: number;
  readonly conversations: number;
}

export interface Counting {
  /** Makes the conversations, and sends to each of them as many messages. */
  prepare(rooms: readonly Room[], messages: number): Promise<void>;
  /** Undefined if there is no such conversation. */
  send(conversation: string, sender: string): Promise<SentMessage | undefined>;
  counts(user: string): Promise<Counts>;
}

/** Nothing: what is left is Fastify itself. */
export class NoCounting implements Counting {
  readonly #sent = { id: '018c2f5e-0000-4000-8000-000000000000', position: 1 };
  readonly #counts = { messages: 100, conversations: 10 };

  async prepare(): Promise<void> {}

  async send(): Promise<SentMessage> {
    return this.#sent;
  }

  async counts(): Promise<Counts> {
    return this.#counts;
  }
}
