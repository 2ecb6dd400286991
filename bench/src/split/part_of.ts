/**
 * What one part of an app's users needs of an event: all that happens in conversations, and of users only its own. In a part,
 * users have numbers of its own, so that it has no room for others.
 */
import type { Event } from '@badged/core';

/** Messages of other parts' users: only their positions are needed. */
const elsewhere = 'a user of another part';

export class Part {
  readonly #index: number;
  readonly #parts: number;

  constructor(index: number, parts: number) {
    this.#index = index;
    this.#parts = parts;
  }

  has(user: number): boolean {
    return user % this.#parts === this.#index;
  }

  /** Undefined if the event is about other parts' users alone. */
  eventOf(event: Event): Event | undefined {
    switch (event.type) {
      case 'conversation_created':
        return { ...event, ...this.#introduced(event), participants: this.#own(event.participants) };
      case 'conversation_changed': {
        const [left, joined] = [this.#own(event.left), this.#own(event.joined)];
        return { ...event, ...this.#introduced(event), left, joined };
      }
      case 'message': {
        const { sender, mentions = [], hidden = [] } = event;
        const known = typeof sender === 'string' || this.has(sender);
        return {
          ...event,
          sender: known ? this.#sender(sender) : elsewhere,
          mentions: this.#own(mentions),
          hidden: this.#own(hidden),
        };
      }
      case 'conversation_deleted':
      case 'message_deleted':
        return event.type === 'message_deleted' ? { ...event, last: null } : event;
      case 'announcement': {
        const { recipients } = event;
        return {
          ...event,
          ...this.#introduced(event),
          recipients: 'position' in recipients ? recipients : this.#own(recipients),
        };
      }
      case 'external': {
        const own = event.counts.filter(([user]) => this.has(user));
        return {
          ...event,
          ...this.#introduced(event),
          counts: own.map(([user, name, count]) => [this.#number(user), name, count] as const),
        };
      }
      case 'blocks':
        // Whom a user blocks was decided by the event of each message: those who do not count it are named there.
        return this.has(event.owner)
          ? { type: 'blocks', ...this.#introduced(event), owner: this.#number(event.owner), blocked: [] }
          : undefined;
      default:
        return this.has(event.user) ? { ...event, user: this.#number(event.user) } : undefined;
    }
  }

  #number(user: number): number {
    return Math.floor((user - this.#index) / this.#parts) + 1;
  }

  #sender(sender: number | string): number | string {
    return typeof sender === 'string' ? sender : this.#number(sender);
  }

  #own(users: readonly number[]): number[] {
    return users.filter((user) => this.has(user)).map((user) => this.#number(user));
  }

  #introduced(event: Extract<Event, { readonly users?: unknown }>): Pick<typeof event, 'users'> {
    const own = (event.users ?? []).filter(([user]) => this.has(user));
    return { users: own.map(([user, id, position]) => [this.#number(user), id, position] as const) };
  }
}
