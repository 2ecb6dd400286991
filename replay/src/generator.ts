/**
 * A made-up chat workload for when there is no recorded one, with the skew of a large public chat server:
 * few conversations hold much of the traffic, few people write most of it, and one person takes part in a
 * large share of all conversations. Everything grows by imitation (a message goes where messages went
 * lately, people join where they joined before), which is what makes such skew in life too. The first n
 * messages are the same however many follow.
 */
import { Random } from './random.js';
import type { WorkloadMessage } from './workload.js';

// All of these were fitted to a public archive of 393,043 messages, 22,771 conversations, 4,088 senders and
// 95,377 participations; with this many messages the generator comes within a few per cent of those sums.
const NEW_CONVERSATION = 0.058;
const FOLLOWS_RECENT_MESSAGE = 0.75;
const REVIVES_OLDER_MESSAGE = 0.1;
const OLDER_MESSAGES = 30_000;
const YOUNG_CONVERSATIONS = 1_000;
const KNOWN_PARTICIPANT_WRITES = 0.77;
const NEWCOMER = 0.042;
const JOINS_BY_CHANCE = 0.04;
/** A mean of about eleven minutes between messages, as in that archive; most follow much sooner. */
const PAUSE = 0.2;
const PAUSE_SECONDS = 2_800;
const CONVERSING_SECONDS = 120;

export function* generateWorkload(seed: number, messages: number): Generator<WorkloadMessage> {
  const chat = new Chat(new Random(seed));
  for (let index = 0; index < messages; index += 1) yield chat.nextMessage();
}

class Chat {
  readonly #random: Random;
  #seconds = 0;
  #people = 0;
  /** The conversation of every message so far. */
  readonly #traffic: number[] = [];
  /** The senders of every conversation's messages so far, in order. */
  readonly #senders: number[][] = [];
  readonly #participants: Set<number>[] = [];
  /** One entry for every conversation that somebody joined: who joins often will join more. */
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
      this.#random.chance(PAUSE) ? PAUSE_SECONDS : CONVERSING_SECONDS,
    );
    return message;
  }

  #conversation(): number {
    const known = this.#senders.length;
    if (known === 0 || this.#random.chance(NEW_CONVERSATION)) return known;
    const kind = this.#random.next();
    if (kind < FOLLOWS_RECENT_MESSAGE) return this.#recent(this.#traffic);
    if (kind < FOLLOWS_RECENT_MESSAGE + REVIVES_OLDER_MESSAGE) {
      const back = this.#random.below(Math.min(this.#traffic.length, OLDER_MESSAGES));
      return this.#traffic[this.#traffic.length - 1 - back] ?? 0;
    }
    return known - 1 - this.#random.smallBelow(Math.min(known, YOUNG_CONVERSATIONS));
  }

  #sender(earlier: readonly number[]): number {
    if (earlier.length > 0 && this.#random.chance(KNOWN_PARTICIPANT_WRITES)) return this.#recent(earlier);
    if (this.#people === 0 || this.#random.chance(NEWCOMER)) {
      this.#people += 1;
      return this.#people - 1;
    }
    if (this.#random.chance(JOINS_BY_CHANCE)) return this.#random.below(this.#people);
    return this.#joins[this.#random.below(this.#joins.length)] ?? 0;
  }

  #recent(history: readonly number[]): number {
    return history[history.length - 1 - this.#random.smallBelow(history.length)] ?? 0;
  }
}
