/** An app in a store, and the commands that make what a benchmark needs in it. */
import { randomUUID } from 'node:crypto';
import { type Command, type CommandType, limits, type Results } from '@badged/core';
import { openService } from '@badged/server/service';
import { createApp } from '@badged/server/service/apps';
import type { Store } from '@badged/server/store/port';

export class World {
  readonly app: string;
  readonly token: string;
  readonly #store: Store;

  private constructor(store: Store, app: string, token: string) {
    this.#store = store;
    this.app = app;
    this.token = token;
  }

  /** With an app of its own. */
  static async make(store: Store): Promise<World> {
    const service = await openService(store, { now: Date.now, newId: randomUUID });
    const { app, token } = await createApp(service, { name: 'bench' });
    return new World(store, app.id, token);
  }

  /** The same app in a store that was opened again. */
  in(store: Store): World {
    return new World(store, this.app, this.token);
  }

  async execute<T extends CommandType>(command: Command<T>): Promise<Results[T]> {
    const outcome = await this.#store.execute<T>(this.app, command);
    if (outcome.refusal !== undefined) throw new Error(`${command.type}: ${outcome.refusal.message}`);
    return outcome.value;
  }

  /** Its id. A large one takes several commands. */
  async conversation(participants: readonly string[]): Promise<string> {
    const most = limits.usersPerRequest;
    const { conversation } = await this.execute<'create_conversation'>({
      type: 'create_conversation',
      id: randomUUID(),
      participants: participants.slice(0, most),
      distinct: false,
      metadata: null,
      at: Date.now(),
    });
    for (let at = most; at < participants.length; at += most) {
      const added = participants.slice(at, at + most);
      const operations = added.map((user) => ({ operation: 'add', property: 'participants', user }) as const);
      await this.execute<'change_conversation'>({
        type: 'change_conversation',
        conversation: conversation.id,
        operations,
      });
    }
    return conversation.id;
  }

  /** Its id. */
  async message(conversation: string, userId: string): Promise<string> {
    const { id } = await this.execute<'send_message'>({
      type: 'send_message',
      conversation,
      sender: { userId },
      mentions: [],
      silent: false,
      at: Date.now(),
    });
    return id;
  }

  async deletion(message: string): Promise<void> {
    await this.execute<'delete_message'>({ type: 'delete_message', message });
  }

  async reading(user: string, message: string): Promise<void> {
    await this.execute<'read_message'>({ type: 'read_message', user, message });
  }

  messagesPath(conversation: string): string {
    return `/apps/${this.app}/conversations/${conversation}/messages`;
  }
}

/** What a backend sends for a message. */
export function messageBody(sender: string): string {
  const parts = [{ body: 'See you at eight, at the usual place?', mime_type: 'text/plain' }];
  return JSON.stringify({ sender: { user_id: sender }, parts });
}
