/**
 * The reference: the whole store, in memory, written so that a reader can check it against the promises. Every
 * other store is compared with it on random commands. It keeps sets of what was read and counts by filtering
 * all messages; it shares no arithmetic with the core. It is neither fast nor durable.
 */
import {
  type Command,
  type CommandType,
  notFound,
  type Outcome,
  type Query,
  type QueryResult,
  type QueryType,
} from '@badged/core';
import type { CommandWithAlert, Store } from '../port.js';
import type { AlertContent, Change } from '../push_port.js';
import { announce, deliverAnnouncement, readAnnouncement } from './announcements.js';
import { ask } from './ask.js';
import { sent } from './audience.js';
import { changeBlocks } from './blocks.js';
import { ingredients, whoseChanged } from './changes.js';
import { changeConversation, createConversation, deleteConversation } from './conversations.js';
import { setExternal } from './external_counts.js';
import { deleteMessage, sendMessage } from './messages.js';
import * as outbox from './outbox.js';
import { ReferencePushStore } from './push.js';
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

  async executeAll<T extends CommandType>(
    app: string,
    commands: readonly CommandWithAlert<T>[],
  ): Promise<readonly Outcome<T>[]> {
    const outcomes: Outcome<T>[] = [];
    for (const { command, alert } of commands) outcomes.push(await this.execute<T>(app, command, alert));
    return outcomes;
  }

  subscribe(listener: (change: Change) => void, app?: string): () => void {
    return this.apps.changes.subscribe((change) => {
      if (app === undefined || change.app === app) listener(change);
    });
  }

  async ask<T extends QueryType>(
    app: string,
    query: Query<T> & { readonly type: T },
  ): Promise<QueryResult<T>> {
    return ask(this.apps.state(app), query);
  }

  async ready(): Promise<void> {
    this.apps.assertOpen();
  }

  async close(): Promise<void> {
    this.apps.close();
  }
}
