/**
 * Generates a chat workload with the skew of a large public chat server: few conversations hold most of the
 * traffic, and few users write most of it. The skew comes from preferential attachment: new messages go where
 * recent ones went. The first n messages are the same however many follow.
 */
import { Random } from './random.js';
import type { WorkloadMessage } from './workload.js';

// Fitted to a public archive of 393,043 messages, 22,771 conversations, 4,088 senders and 95,377 participations.
// For as many messages, the generator comes within a few percent of the other three figures.
const newConversationShare = 0.058;
const recentConversationShare = 0.75;
const olderConversationShare = 0.1;
const olderMessages = 30_000;
const newestConversations = 1_000;
const participantWritesShare = 0.77;
const newSenderShare = 0.042;
const randomJoinShare = 0.04;
/** The mean time between messages is about eleven minutes, as in that archive; most follow much sooner. */
const pauseShare = 0.2;
const pauseSeconds = 2_800;
const conversingSeconds = 120;

export function* generateWorkload(seed: number, messages: number): Generator<WorkloadMessage> {
  const chat = new Chat(new Random(seed));
  for (let index = 0; index < messages; index += 1) yield chat.nextMessage();
}

class Chat {
  readonly #random: Random;
  #seconds = 0;
  #userCount = 0;
  /** The conversation of every message so far. */
  readonly #traffic: number[] = [];
  /** The senders of every conversation's messages so far, in order. */
  readonly #senders: number[][] = [];
  readonly #participants: Set<number>[] = [];
  /** One entry for each join, so that a user who joins often is drawn more often. */
  readonly #joins: number[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  nextMessage(): WorkloadMessage {
    const conversation = this.#conversation();
    const earlier = this.#senders[conversation] ?? [];
    const participants = this.#participants[conversation] ?? new Set();
    const sender = this.#sender(earlier);
    const message = { seconds: Math.floor(this.#seconds), conversation, sender };
    this.#senders[conversation] = earlier;
    this.#participants[conversation] = participants;
    this.#traffic.push(conversation);
    earlier.push(sender);
    if (!participants.has(sender)) this.#joins.push(sender);
    participants.add(sender);
    this.#seconds += this.#random.exponential(
      this.#random.chance(pauseShare) ? pauseSeconds : conversingSeconds,
    );
    return message;
  }

  #conversation(): number {
    const known = this.#senders.length;
    if (known === 0 || this.#random.chance(newConversationShare)) return known;
    const kind = this.#random.next();
    if (kind < recentConversationShare) return this.#recent(this.#traffic);
    if (kind < recentConversationShare + olderConversationShare) {
      const back = this.#random.below(Math.min(this.#traffic.length, olderMessages));
      return this.#traffic[this.#traffic.length - 1 - back] ?? 0;
    }
    return known - 1 - this.#random.smallBelow(Math.min(known, newestConversations));
  }

  #sender(earlier: readonly number[]): number {
    if (earlier.length > 0 && this.#random.chance(participantWritesShare)) return this.#recent(earlier);
    if (this.#userCount === 0 || this.#random.chance(newSenderShare)) {
      this.#userCount += 1;
      return this.#userCount - 1;
    }
    if (this.#random.chance(randomJoinShare)) return this.#random.below(this.#userCount);
    return this.#joins[this.#random.below(this.#joins.length)] ?? 0;
  }

  #recent(history: readonly number[]): number {
    return history[history.length - 1 - this.#random.smallBelow(history.length)] ?? 0;
  }
}
