/**
 * The unread counts of users in many conversations, remembered from one read of their badge to the next, and corrected at a
 * read by the conversations that changed in between. They are derived and in memory only: no event, no stored row and
 * no result depends on them, and forgetting one costs a count of all conversations, as without it.
 *
 * A message costs one entry of a log, however many participants it has. What changes for one participant is
 * noted with that user's sum, if there is one.
 */
import { badgeCount, countUnread, mutedUntil, type Unread, unreadMessages } from './query/counts.js';
import type { AppState, CountChanges } from './state.js';

export interface BadgeSumOptions {
  /** A user in fewer conversations is counted each time, which takes 22 ns for each of them. */
  readonly minConversations: number;
  /** Conversations of which a count is remembered, of all users together: some 40 bytes each. */
  readonly maxRemembered: number;
  /** If more than this share of a user's conversations changed, all are counted anew. */
  readonly maxChanged: number;
}

const defaults: BadgeSumOptions = { minConversations: 128, maxRemembered: 200_000, maxChanged: 1 / 4 };

/** How many messages and deletions the log remembers. */
const logSize = 16_384;
/** Users whose last read is remembered. */
const maxUsers = 10_000;

/** What is known of one user since their last read. */
class Sum {
  unread: Unread;
  /** The conversations that the counts include, and how many messages of each. Undefined until a second read comes soon. */
  counted: Map<number, number> | undefined;
  /** The number of the next entry of the log when they were counted. */
  position: number;
  /** The time of the last read. */
  at: number;
  /** When the first of the user's mutes ends, which changes the counts without an event. */
  until = Number.POSITIVE_INFINITY;
  /** Conversations that changed for this user alone. */
  readonly changed = new Set<number>();
  readonly conversations: number;

  constructor(
    unread: Unread,
    { position, now, conversations }: { position: number; now: number; conversations: number },
  ) {
    this.unread = unread;
    this.position = position;
    this.at = now;
    this.conversations = conversations;
  }
}

export class BadgeSums implements CountChanges {
  readonly #options: BadgeSumOptions;
  /** By user, the one who read last at the end. */
  readonly #sums = new Map<number, Sum>();
  /** The conversations of the newest messages and deletions, in a ring. */
  #log = new Uint32Array(0);
  #next = 0;
  #remembered = 0;

  constructor(options: Partial<BadgeSumOptions> = {}) {
    this.#options = { ...defaults, ...options };
  }

  /** Call it after a change that may concern every participant of the conversation. */
  conversationChanged(conversation: number): void {
    if (this.#sums.size === 0) return;
    this.#log[this.#next % logSize] = conversation;
    this.#next += 1;
  }

  /** Call it after a change of one participation. */
  participationChanged(conversation: number, user: number): void {
    this.#sums.get(user)?.changed.add(conversation);
  }

  /** The same as `countUnread`. */
  read(state: AppState, user: number, now: number): Unread {
    const known = this.#sums.get(user);
    const sum = known !== undefined && this.#isRecent(known, now) ? known : undefined;
    if (sum?.counted !== undefined) {
      this.#correct(state, user, sum, now);
      // It is the last to be forgotten.
      this.#sums.delete(user);
      this.#sums.set(user, sum);
      return sum.unread;
    }
    return this.#count(state, user, now, sum !== undefined);
  }

  /** Whether a correction is less work than a count. */
  #isRecent(sum: Sum, now: number): boolean {
    const work = this.#next - sum.position + sum.changed.size;
    return (
      work <= Math.min(logSize, sum.conversations * this.#options.maxChanged) &&
      now >= sum.at &&
      now < sum.until
    );
  }

  #count(state: AppState, user: number, now: number, isReadOften: boolean): Unread {
    this.#forget(user);
    let conversations = 0;
    const unread = countUnread(state, user, now, undefined, () => {
      conversations += 1;
    });
    if (conversations < this.#options.minConversations) return unread;
    if (this.#log.length === 0) this.#log = new Uint32Array(logSize);
    const sum = new Sum(unread, { position: this.#next, now, conversations });
    if (isReadOften) this.#remember(state, user, sum);
    this.#sums.set(user, sum);
    this.#makeRoom();
    return unread;
  }

  #remember(state: AppState, user: number, sum: Sum): void {
    const counted = new Map<number, number>();
    const onUnread = (row: number, _unread: number, count: number) => {
      if (count > 0) counted.set(state.participations.conversation.get(row), count);
    };
    countUnread(state, user, sum.at, onUnread, (row) => this.#noteMute(state, row, sum));
    sum.counted = counted;
    this.#remembered += counted.size;
  }

  #correct(state: AppState, user: number, sum: Sum, now: number): void {
    const { changed } = sum;
    sum.at = now;
    for (; sum.position < this.#next; sum.position += 1) changed.add(this.#log[sum.position % logSize] ?? 0);
    for (const conversation of changed) this.#correctOne(state, { user, conversation, now }, sum);
    changed.clear();
  }

  #correctOne(
    state: AppState,
    { user, conversation, now }: { user: number; conversation: number; now: number },
    sum: Sum,
  ): void {
    const row = state.participations.find(conversation, user);
    const unread = row === 0 ? 0 : unreadMessages(state, row);
    const count = unread === 0 ? 0 : badgeCount(state, row, now, unread);
    if (row !== 0) this.#noteMute(state, row, sum);
    const counted = sum.counted ?? new Map<number, number>();
    const before = counted.get(conversation) ?? 0;
    if (count === before) return;
    if (count === 0) counted.delete(conversation);
    else counted.set(conversation, count);
    const conversations = Number(count > 0) - Number(before > 0);
    this.#remembered += conversations;
    sum.unread = {
      messages: sum.unread.messages + count - before,
      conversations: sum.unread.conversations + conversations,
    };
  }

  #noteMute(state: AppState, row: number, sum: Sum): void {
    sum.until = Math.min(sum.until, mutedUntil(state, row, sum.at) ?? Number.POSITIVE_INFINITY);
  }

  #makeRoom(): void {
    for (const user of this.#sums.keys()) {
      if (this.#sums.size <= maxUsers && this.#remembered <= this.#options.maxRemembered) return;
      this.#forget(user);
    }
  }

  #forget(user: number): void {
    this.#remembered -= this.#sums.get(user)?.counted?.size ?? 0;
    this.#sums.delete(user);
  }
}
