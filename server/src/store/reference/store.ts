/**
 * The reference: the whole store, in memory, written to be believed by reading it and for nothing else. Every
 * other store is compared with it on random commands. It keeps sets of what was read and counts by filtering
 * all messages; it shares no arithmetic with the core. It is neither fast nor durable.
 */
import {
  type ChatBadge,
  type ChatEntity,
  type Command,
  type CommandType,
  type ConversationView,
  notFound,
  type Outcome,
  type UserConversationView,
} from '@badged/core';
import type { ConversationPage, ConversationQuery, Explanation, Store, UserBadge } from '../port.js';
import type { AlertContent, Audience, Change } from '../push_port.js';
import { announce, deliverAnnouncement, readAnnouncement } from './announcements.js';
import { meant, sent } from './audience.js';
import { changeBlocks } from './blocks.js';
import { ingredients, whoseChanged } from './changes.js';
import { chatBadges, conversationsWith } from './chat_badges.js';
import { changeConversation, createConversation, deleteConversation } from './conversations.js';
import { setExternal } from './external_counts.js';
import { deleteMessage, sendMessage } from './messages.js';
import * as outbox from './outbox.js';
import { ReferencePushStore } from './push.js';
import * as queries from './queries.js';
import { deliverMessage, markAllRead, markUnread, readMessage, setNotifications } from './receipts.js';
import { ReferenceRecords } from './records.js';
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
  readonly push: ReferencePushStore;
  readonly records: ReferenceRecords;

  constructor(apps = new ReferenceRegistry()) {
    this.apps = apps;
    this.push = new ReferencePushStore(apps);
    this.records = new ReferenceRecords(apps);
  }

  async execute<T extends CommandType>(
    app: string,
    command: Command<T>,
    alert?: AlertContent,
  ): Promise<Outcome<T>> {
    const state = this.apps.state(app);
    if (!state) return { refusal: notFound('The app') };
    const { changes } = this.apps;
    const before = changes.isHeard ? ingredients(state) : new Map();
    const sentBefore = alert && sent(state);
    const type: T = command.type;
    const outcome = handlers[type](state, command);
    const target = sentBefore && [...sent(state)].find(([name]) => !sentBefore.has(name))?.[1];
    const hasAlert = alert !== undefined && target !== undefined;
    if (hasAlert) outbox.add(state.push, null, target, alert);
    const users = changes.isHeard ? whoseChanged(before, ingredients(state)) : [];
    if (users.length > 0 || hasAlert) changes.tell({ app, audience: { kind: 'users', users }, hasAlert });
    return outcome;
  }

  subscribe(listener: (change: Change) => void): () => void {
    return this.apps.changes.subscribe(listener);
  }

  async among(
    app: string,
    audience: Audience,
    users: ReadonlySet<string>,
    now: number,
  ): Promise<readonly string[]> {
    const state = this.apps.state(app);
    return state ? meant(state, audience, users, now) : [];
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

  async chatBadges(app: string, user: string, now: number): Promise<readonly ChatBadge[]> {
    const state = this.apps.state(app);
    return state ? chatBadges(state, user, now) : [];
  }

  async conversationsWith(app: string, user: string, entity: ChatEntity): Promise<readonly string[]> {
    const state = this.apps.state(app);
    return state ? conversationsWith(state, user, entity) : [];
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
