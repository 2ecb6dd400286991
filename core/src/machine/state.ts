/**
 * The whole state of one app, compact, in memory; and which of its rows changed since the last
 * checkpoint began, so that a checkpoint writes only those.
 */
import { Announcements } from './announcements.js';
import { type Capacity, defaultCapacity } from './capacity.js';
import { ByteColumn, NumberColumn } from './columns.js';
import { Conversations } from './conversations.js';
import { NumberMap } from './paged.js';
import { type HashKey, ParticipantSets } from './participant_sets.js';
import { Participations } from './participations.js';
import { Users } from './users.js';

/** Called with each change after which unread counts may differ. */
export interface CountChanges {
  /** Of any participant of the conversation. */
  conversationChanged(conversation: number): void;
  /** Of one participant. */
  participationChanged(conversation: number, user: number): void;
}

export class AppState {
  readonly users: Users;
  readonly conversations: Conversations;
  readonly participations = new Participations();
  readonly announcements: Announcements;
  /** Of every conversation, to find distinct ones by. */
  readonly sets: ParticipantSets;
  readonly countChanges: CountChanges;
  /** Read by decisions only: events are applied always. */
  readonly capacity: Capacity;
  #changed = new Changed();

  constructor(hashKey: HashKey, countChanges: CountChanges, capacity: Partial<Capacity> = {}) {
    this.users = new Users(hashKey);
    this.conversations = new Conversations(hashKey);
    this.announcements = new Announcements(hashKey);
    this.sets = new ParticipantSets(hashKey);
    this.countChanges = countChanges;
    this.capacity = { ...defaultCapacity, ...capacity };
  }

  /** How much memory it takes, about. It costs nothing to know. */
  get bytes(): number {
    const { users, conversations, participations, announcements, sets } = this;
    return users.bytes + conversations.bytes + participations.bytes + announcements.bytes + sets.bytes;
  }

  get changed(): Changed {
    return this.#changed;
  }

  /**
   * Releases up to so many rows of participants whose conversation was deleted. Nothing that the state returns depends on
   * it. False once there are no more.
   */
  release(rows: number): boolean {
    return this.participations.release(rows, (conversation, user) =>
      this.#changed.participation(conversation, user),
    );
  }

  /** What changed since the last call. */
  takeChanged(): Changed {
    const taken = this.#changed;
    this.#changed = new Changed();
    return taken;
  }
}

/** A set of small numbers, in the order in which they were added: a request may add thousands. */
export class NumberSet {
  readonly #has = new ByteColumn();
  readonly #numbers = new NumberColumn();
  #size = 0;

  add(number: number): void {
    if (this.#has.get(number) === 1) return;
    this.#has.set(number, 1);
    this.#numbers.set(this.#size, number);
    this.#size += 1;
  }

  *[Symbol.iterator](): Generator<number> {
    for (let index = 0; index < this.#size; index += 1) yield this.#numbers.get(index);
  }
}

/** Numbers of rows to write or, where they are gone, to remove. A row is written as it is then, not as it was. */
export class Changed {
  readonly users = new NumberSet();
  readonly conversations = new NumberSet();
  readonly announcements = new NumberSet();
  /** By conversation: the users whose participation changed, began or ended. */
  readonly participations = new NumberMap<Set<number>>();

  participation(conversation: number, user: number): void {
    const users = this.participations.get(conversation);
    if (users === undefined) this.participations.set(conversation, new Set([user]));
    else users.add(user);
  }
}
