/**
 * The reference: the whole store, in memory, written to be believed by reading it and for nothing else. Every
 * other store is compared with it on random commands. It keeps sets of what was read and counts by filtering
 * all messages; it shares no arithmetic with the core. It is neither fast nor durable.
 */
import {
  type Command,
  type CommandType,
  type ConversationView,
  notFound,
  type Outcome,
  type UserConversationView,
} from '@badged/core';
import type { ConversationPage, ConversationQuery, Explanation, Store, UserBadge } from '../port.js';
import { announce, deliverAnnouncement, readAnnouncement } from './announcements.js';
import { changeBlocks } from './blocks.js';
import { changeConversation, createConversation, deleteConversation } from './conversations.js';
import { setExternal } from './external_counts.js';
import { deleteMessage, sendMessage } from './messages.js';
import * as queries from './queries.js';
import { deliverMessage, markAllRead, markUnread, readMessage, setNotifications } from './receipts.js';
import { ReferenceRegistry } from './registry.js';
import type { AppState } from './state.js';

const handlers: { readonly [T in CommandType]: (state: AppState, command: Command<T>) => Outcome<T> } = {
  create_conversation: createConversation,
  change_conversation: changeConversation,
  delete_conversation: deleteConversation,
  send_message: sendMessage,
  delete_message: deleteMessage,
  read_message: readMessage,
  deliver_message: deliverMessage,
  mark_all_read: markAllRead,
  mark_unread: markUnread,
  set_notifications: setNotifications,
  announce,
  read_announcement: readAnnouncement,
  deliver_announcement: deliverAnnouncement,
  change_blocks: changeBlocks,
  set_external: setExternal,
};

export class ReferenceStore implements Store {
  readonly apps: ReferenceRegistry;

  constructor(apps = new ReferenceRegistry()) {
    this.apps = apps;
  }

  async execute<T extends CommandType>(app: string, command: Command<T>): Promise<Outcome<T>> {
    const state = this.apps.state(app);
    if (!state) return { refusal: notFound('The app') };
    const type: T = command.type;
    return handlers[type](state, command);
  }

  async badge(app: string, user: string, now: number): Promise<UserBadge | undefined> {
    const state = this.apps.state(app);
    return state && queries.badge(state, user, now);
  }

  async badges(
    app: string,
    users: readonly string[],
    now: number,
  ): Promise<readonly (UserBadge | undefined)[]> {
    const state = this.apps.state(app);
    return users.map((user) => state && queries.badge(state, user, now));
  }

  async explain(app: string, user: string, now: number): Promise<Explanation | undefined> {
    const state = this.apps.state(app);
    return state && queries.explain(state, user, now);
  }

  async conversation(app: string, id: string): Promise<ConversationView | undefined> {
    const state = this.apps.state(app);
    return state && queries.conversation(state, id);
  }

  async userConversation(
    app: string,
    user: string,
    id: string,
    now: number,
  ): Promise<UserConversationView | undefined> {
    const state = this.apps.state(app);
    return state && queries.userConversation(state, user, id, now);
  }

  async userConversations(
    app: string,
    user: string,
    query: ConversationQuery,
    now: number,
  ): Promise<ConversationPage | undefined> {
    const state = this.apps.state(app);
    return state && queries.userConversations(state, user, query, now);
  }

  async blocks(app: string, user: string): Promise<readonly string[] | undefined> {
    const state = this.apps.state(app);
    return state && queries.blocks(state, user);
  }

  async ready(): Promise<void> {
    this.apps.assertOpen();
  }

  async close(): Promise<void> {
    this.apps.close();
  }
}
