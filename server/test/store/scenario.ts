/**
 * The words in which the conformance suite speaks: one app in a store of its own, and what a backend does to
 * it. Whatever is not said by a test (times, ids) is chosen here, and is the same in every run.
 */
import type { Command, Commands, CommandType, MessageView, Outcome, Refusal, Results } from '@badged/core';
import { expect, onTestFinished } from 'vitest';
import type { App, ConversationQuery, Explanation, Store, UserBadge } from '../../src/store/port.js';
import type { StoreFactory, StoreUnderTest } from './store_under_test.js';

/** The time of every query that names no other. Commands happen in the seconds before it. */
export const now = 1_700_000_000_000;

/** A UUID that is recognised by its number. */
export function uuid(number: number): string {
  return `${number.toString(16).padStart(8, '0')}-0000-4000-8000-000000000000`;
}

export function anApp(number = 1, more: Partial<App> = {}): App {
  return {
    id: uuid(0xa0000000 + number),
    name: `app ${number}`,
    settings: { mode: 'unread_messages', includeAnnouncements: true },
    jabberDomain: `app${number}.example`,
    createdAt: now - 1_000_000 + number,
    ...more,
  };
}

/** Opens a store for one test, with one app in it. It is disposed of when the test ends. */
export async function openScenario(factory: StoreFactory): Promise<Scenario> {
  const opened = await factory();
  onTestFinished(() => opened.dispose());
  const app = anApp();
  await opened.store.apps.create(app);
  return new Scenario(opened, app.id);
}

type ConversationOptions = Partial<Omit<Commands['create_conversation'], 'participants'>>;
type MessageOptions = Partial<Omit<Commands['send_message'], 'conversation' | 'sender'>> & { id?: string };

export class Scenario {
  store: Store;
  readonly app: string;
  readonly #opened: StoreUnderTest;
  #ids = 0;

  constructor(opened: StoreUnderTest, app: string, store = opened.store) {
    this.#opened = opened;
    this.app = app;
    this.store = store;
  }

  /** The same words for another app in the same store. */
  async anotherApp(number: number): Promise<Scenario> {
    const app = anApp(number);
    await this.store.apps.create(app);
    return new Scenario(this.#opened, app.id, this.store);
  }

  /** False, without having done anything, if the store keeps nothing. */
  async reopen(): Promise<boolean> {
    if (!this.#opened.reopen) return false;
    this.store = await this.#opened.reopen();
    return true;
  }

  nextId(): string {
    this.#ids += 1;
    return uuid(this.#ids);
  }

  execute<T extends CommandType>(command: Command<T>): Promise<Outcome<T>> {
    return this.store.execute(this.app, command);
  }

  /** What is answered to a command that is accepted. */
  async do<T extends CommandType>(command: Command<T>): Promise<Results[T]> {
    const outcome = await this.execute(command);
    if (outcome.refusal) throw new Error(`${command.type} was refused: ${JSON.stringify(outcome.refusal)}`);
    return outcome.value;
  }

  /** Why a command is refused, without the sentence, which the stores may put as they like. */
  async refusal(command: Command): Promise<Omit<Refusal, 'message'>> {
    const { refusal } = await this.execute(command);
    if (!refusal) throw new Error(`${command.type} was not refused`);
    const { message, ...rest } = refusal;
    expect(message).toMatch(/^.+\.$/);
    return rest;
  }

  async conversation(participants: readonly string[], options: ConversationOptions = {}): Promise<string> {
    const id = options.id ?? this.nextId();
    const defaults = { distinct: false, metadata: null, at: now - 100_000 };
    await this.do({ type: 'create_conversation', ...defaults, ...options, id, participants });
    return id;
  }

  async change(
    conversation: string,
    ...operations: Commands['change_conversation']['operations']
  ): Promise<void> {
    await this.do({ type: 'change_conversation', conversation, operations });
  }

  join(conversation: string, user: string): Promise<void> {
    return this.change(conversation, { operation: 'add', property: 'participants', user });
  }

  leave(conversation: string, user: string): Promise<void> {
    return this.change(conversation, { operation: 'remove', property: 'participants', user });
  }

  async send(conversation: string, userId: string, options: MessageOptions = {}): Promise<MessageView> {
    return this.do(sending(conversation, { userId }, options));
  }

  /** Sends several, and answers their ids. */
  async sendMany(conversation: string, userId: string, count: number): Promise<readonly string[]> {
    const sent = Array.from({ length: count }, () => this.send(conversation, userId));
    return (await Promise.all(sent)).map((each) => each.id);
  }

  sendFrom(conversation: string, name: string, options: MessageOptions = {}): Promise<MessageView> {
    return this.do(sending(conversation, { name }, options));
  }

  async read(user: string, ...messages: readonly string[]): Promise<void> {
    for (const message of messages) await this.do({ type: 'read_message', user, message });
  }

  async readAll(user: string, conversation: string, position?: number): Promise<void> {
    const upTo = position === undefined ? { conversation } : { conversation, position };
    await this.do({ type: 'mark_all_read', user, conversations: [upTo] });
  }

  async unreadFrom(user: string, conversation: string, position: number): Promise<void> {
    await this.do({ type: 'mark_unread', user, conversation, position });
  }

  async deleteMessage(message: string): Promise<void> {
    await this.do({ type: 'delete_message', message });
  }

  async block(owner: string, ...users: readonly string[]): Promise<void> {
    const operations = users.map((user) => ({ operation: 'add', user }) as const);
    await this.do({ type: 'change_blocks', owner, operations });
  }

  async unblock(owner: string, user: string): Promise<void> {
    await this.do({ type: 'change_blocks', owner, operations: [{ operation: 'remove', user }] });
  }

  async external(user: string, count: number | null, name = ''): Promise<void> {
    await this.do({ type: 'set_external', counts: [{ user, name, count }] });
  }

  async announce(recipients: Commands['announce']['recipients'], id = this.nextId()): Promise<string> {
    await this.do({ type: 'announce', id, recipients, at: now - 1_000 });
    return id;
  }

  async level(
    user: string,
    conversation: string,
    level: Commands['set_notifications']['level'],
    mutedUntil: number | null = null,
  ): Promise<void> {
    await this.do({ type: 'set_notifications', user, conversation, level, mutedUntil });
  }

  async badge(user: string, at = now): Promise<UserBadge> {
    return known(await this.store.ask(this.app, { type: 'badge', user, now: at }), user);
  }

  async explain(user: string, at = now): Promise<Explanation> {
    return known(await this.store.ask(this.app, { type: 'explanation', user, now: at }), user);
  }

  /** How many messages the user has not read, in all conversations that are not muted. */
  async unread(user: string): Promise<number> {
    return (await this.badge(user)).unreadMessageCount;
  }

  async isKnown(user: string): Promise<boolean> {
    return (await this.store.ask(this.app, { type: 'badge', user, now })) !== undefined;
  }

  /** The ids of the user's conversations, as the list has them. */
  async list(user: string, query: Partial<ConversationQuery> = {}): Promise<string[]> {
    const whole = { sortBy: 'created_at', limit: 100, unreadOnly: false, ...query } as const;
    const page = known(
      await this.store.ask(this.app, { type: 'user_conversations', user, ...whole, now }),
      user,
    );
    return page.conversations.map((each) => each.id);
  }

  /** Sorted. */
  async participants(conversation: string): Promise<readonly string[]> {
    const query = { type: 'participants', conversation, limit: 1_000 } as const;
    return known(await this.store.ask(this.app, query), conversation).participants.toSorted();
  }
}

function sending(
  conversation: string,
  sender: Commands['send_message']['sender'],
  { id, ...options }: MessageOptions,
): Command<'send_message'> {
  const defaults = { mentions: [], silent: false, at: now - 50_000 };
  const identity = id === undefined ? {} : { identity: { id } };
  return { type: 'send_message', ...defaults, ...identity, ...options, conversation, sender };
}

function known<T>(answer: T | undefined, what: string): T {
  if (answer === undefined) throw new Error(`${what} is not known`);
  return answer;
}
