/**
 * Events that are in a state, and that no one may see yet, as between a commit and the end of its sync: which queries they
 * concern. The result of any other query is the same with and without them.
 */
import type { Query } from '../query.js';
import type { Event } from './event.js';
import type { AppState } from './state.js';

const mostListed = 8;
/** With more such conversations, a query counts as concerned without looking up its user in each of them. */
const mostLarge = 100;

export class Ahead {
  readonly #state: AppState;
  /** By number. */
  readonly #users = new Set<number>();
  readonly #large = new Set<number>();
  #isEveryone = false;

  readonly #mostListed: number;

  /**
   * The events have just been applied.
   * @param listed of conversations with more participants than this, these are looked up when a query asks for one of them
   */
  constructor(state: AppState, events: readonly Event[], listed = mostListed) {
    this.#state = state;
    this.#mostListed = listed;
    for (const event of events) this.#add(event);
  }

  /** Whether the result may differ because of the events. */
  concerns(query: Query): boolean {
    if (this.#isEveryone || this.#large.size > mostLarge) return true;
    if (query.type === 'badges') return query.users.some((user) => this.#concernsUser(user));
    return 'user' in query ? this.#concernsUser(query.user) : true;
  }

  #concernsUser(id: string): boolean {
    const { users, participations } = this.#state;
    const user = users.number(id);
    if (user === 0) return false;
    if (this.#users.has(user)) return true;
    for (const conversation of this.#large) if (participations.find(conversation, user) !== 0) return true;
    return false;
  }

  #add(event: Event): void {
    if ('users' in event) for (const [user] of event.users ?? []) this.#users.add(user);
    switch (event.type) {
      case 'message':
      case 'message_deleted':
      case 'conversation_created':
        this.#addParticipants(event.conversation);
        break;
      case 'conversation_changed':
        this.#addParticipants(event.conversation);
        for (const user of event.left) this.#users.add(user);
        break;
      case 'read':
      case 'unread':
      case 'notifications':
      case 'announcement_read':
        this.#users.add(event.user);
        break;
      case 'blocks':
        this.#users.add(event.owner);
        break;
      case 'external':
        for (const [user] of event.counts) this.#users.add(user);
        break;
      case 'announcement':
        if ('position' in event.recipients) this.#isEveryone = true;
        else for (const user of event.recipients) this.#users.add(user);
        break;
      case 'conversation_deleted':
        // Its participants are no longer known.
        this.#isEveryone = true;
        break;
    }
  }

  #addParticipants(conversation: number): void {
    const { conversations, participations } = this.#state;
    if (conversations.participants.get(conversation) > this.#mostListed) {
      this.#large.add(conversation);
      return;
    }
    participations.forEachOfConversation(conversation, (row) =>
      this.#users.add(participations.user.get(row)),
    );
  }
}
