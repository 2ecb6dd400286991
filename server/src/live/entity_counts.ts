/** Which of a user's chat badges changed since the last read: one difference for each entity, 0 included. */
import { chatBadges, type ListedBadge } from '../service/chat_badges.js';
import type { Service } from '../service/service.js';

export interface EntityCount {
  readonly jabberId: string;
  readonly unreadCount: number;
  /** Of the newest counted message; with a count of 0, of the last one there was. */
  readonly newestUnreadAt: number;
}

export class EntityCounts {
  readonly #service: Service;
  readonly #app: string;
  readonly #user: string;
  #last: ReadonlyMap<string, ListedBadge> | undefined;

  constructor(service: Service, app: string, user: string) {
    this.#service = service;
    this.#app = app;
    this.#user = user;
  }

  /** The first call that succeeds returns none: its counts are what later ones are compared with. */
  async differences(): Promise<EntityCount[]> {
    const listed = await chatBadges(this.#service, this.#app, this.#user);
    const now = new Map(listed.map((badge) => [badge.jabberId, badge]));
    const before = this.#last ?? now;
    this.#last = now;
    const gone = [...before.values()].filter(({ jabberId }) => !now.has(jabberId));
    const changed = listed.filter(
      ({ jabberId, unreadCount }) => before.get(jabberId)?.unreadCount !== unreadCount,
    );
    return [...gone.map((badge) => ({ ...badge, unreadCount: 0 })), ...changed];
  }
}
