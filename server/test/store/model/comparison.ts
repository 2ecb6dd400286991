/**
 * Takes the same steps with the reference and with a store, and compares what each step returned, and what reads find after
 * it: all of them, or a share of them in turn, and all of them at the end.
 */
import type { Command, MessageView, Outcome } from '@badged/core';
import type { Store } from '../../../src/store/port.js';
import { anApp, now, uuid } from '../scenario.js';
import type { StoreUnderTest } from '../store_under_test.js';
import { comparable } from './acknowledged.js';
import { type AppIndex, conversations, prelude, settingsOf, stepMs, users } from './cast.js';
import { difference } from './difference.js';
import { contradiction } from './invariants.js';
import { alertContent, PushComparison } from './push_comparison.js';
import { firstDevices } from './push_steps.js';
import type { Step } from './steps.js';
import { together } from './together.js';

export interface ComparisonOptions {
  readonly store: Store;
  readonly reopen: (() => Promise<Store>) | undefined;
  readonly claimStep: StoreUnderTest['claimStep'];
  readonly runNumber: number;
  /** Of all reads, one in so many is compared after a step, in turn. */
  readonly share: number;
}

export class Comparison {
  readonly #reference: Store;
  #store: Store;
  readonly #reopen: (() => Promise<Store>) | undefined;
  readonly #apps: readonly [ComparedApp, ComparedApp];
  readonly #claimStep: NonNullable<StoreUnderTest['claimStep']>;
  readonly #share: number;
  #steps = 0;

  constructor(reference: Store, { store, reopen, claimStep, runNumber, share }: ComparisonOptions) {
    this.#reference = reference;
    this.#store = store;
    this.#reopen = reopen;
    this.#claimStep = claimStep ?? ((step) => step(0));
    this.#share = share;
    const stores = () => [this.#reference, this.#store] as const;
    const app = (number: number) => new ComparedApp(number, new PushComparison(idOf(number), stores));
    this.#apps = [app(runNumber * 2), app(runNumber * 2 + 1)];
  }

  async start(): Promise<void> {
    for (const index of [0, 1] as const) await this.#create(index);
  }

  /** Throws a sentence about the first difference. */
  async take(step: Step): Promise<void> {
    this.#steps += 1;
    if (step.type === 'reopen') {
      if (this.#reopen) this.#store = await this.#reopen();
      for (const app of this.#apps) {
        app.push.outlastClaims();
        await this.#compareApp(app, 1);
      }
      return;
    }
    const app = this.#apps[step.app];
    if (step.type === 'commands') await this.#execute(app, step.commands, step.hasAlert);
    if (step.type === 'push') {
      const { command } = step;
      const differs = this.#claimStep((reopened) => app.push.take(command, this.#now(), reopened));
      assertSame(await differs, command.type);
    }
    if (step.type === 'settings') {
      const [expected, found] = await this.#both((store) => store.apps.update(app.id, step.change));
      assertSame(difference(expected, found, app.pairs), 'the updated app');
    }
    if (step.type === 'delete_app') {
      await this.#both((store) => store.apps.delete(app.id));
      await this.#create(step.app);
    }
    await this.#compareApp(app);
  }

  /** Also the app that no step named is still what it should be (promise 8). */
  async finish(): Promise<void> {
    for (const app of this.#apps) {
      await this.#compareApp(app, 1);
      await this.#both((store) => store.apps.delete(app.id));
    }
  }

  async #create(index: AppIndex): Promise<void> {
    const app = this.#apps[index];
    app.forget();
    const created = anApp(index, { id: app.id, settings: settingsOf(index) });
    await this.#both((store) => store.apps.create(created));
    await this.#execute(app, prelude);
    for (const each of firstDevices) await app.push.take(each, this.#now());
  }

  async #execute(app: ComparedApp, commands: readonly Command[], hasAlert = false): Promise<void> {
    const asked = commands.map((each) => app.resolve(each));
    const askedOfStore = asked.map((each) => withIds(each, (id) => app.pairs.get(id) ?? id));
    const alert = hasAlert ? alertContent : undefined;
    const expected = await Promise.all(asked.map((each) => this.#reference.execute(app.id, each, alert)));
    const withAlerts = askedOfStore.map((each) => ({ command: each, ...(alert && { alert }) }));
    const [first] = withAlerts;
    const found =
      first !== undefined && withAlerts.length === 1
        ? [await this.#store.execute(app.id, first.command, first.alert)]
        : await this.#store.executeAll(app.id, withAlerts);
    for (const [index, command] of asked.entries()) {
      const [one, other] = [expected[index], found[index]];
      app.pair(command, one, other);
      assertSame(difference(withoutSentence(one), withoutSentence(other), app.pairs), command.type);
    }
    for (const [index, command] of asked.entries()) if (!expected[index]?.refusal) app.noteDeletion(command);
  }

  async #compareApp(app: ComparedApp, share = this.#share): Promise<void> {
    const at = this.#now();
    const page = {
      fromId: conversations[this.#steps % conversations.length] ?? '',
      limit: 1 + (this.#steps % 2),
    };
    const isTurn = (index: number) => (index + this.#steps) % share === 0;
    const [expected, found] = await this.#both((store) => answersOf(store, app.id, { at, page, isTurn }));
    for (const [index, one] of expected.users.entries()) {
      const other = found.users[index];
      if (other === undefined) throw new Error(`there is no answer about ${one.user}`);
      for (const part of ['explained', 'explainedInPart'] as const) {
        const explained = difference(
          comparable(one[part], app.deleted),
          comparable(other[part], app.deleted),
          app.pairs,
        );
        assertSame(explained, `explain of ${one.user}`);
      }
      const rest = [one, other].map((answers) => ({
        ...answers,
        explained: undefined,
        explainedInPart: undefined,
      }));
      assertSame(difference(rest[0], rest[1], app.pairs), `the answers about ${one.user}`);
      assertSame(contradiction(other), `the answers about ${one.user}`);
    }
    assertSame(difference(expected.conversations, found.conversations, app.pairs), 'the conversations');
    assertSame(difference(expected.participants, found.participants, app.pairs), 'the participants');
    assertSame(await app.push.compare(at, this.#steps, isTurn), 'push delivery');
  }

  #now(): number {
    return now + this.#steps * stepMs;
  }

  async #both<T>(ask: (store: Store) => Promise<T>): Promise<readonly [T, T]> {
    return [await ask(this.#reference), await ask(this.#store)];
  }
}

/** One app of a run: its messages so far, as each of the two stores calls them. */
class ComparedApp {
  readonly id: string;
  readonly push: PushComparison;
  readonly pairs = new Map<string, string>();
  readonly deleted = new Map<string, Set<number>>();
  readonly #deletedIds = new Set<string>();
  readonly #messages: MessageView[] = [];
  readonly #byId = new Map<string, MessageView>();

  constructor(number: number, push: PushComparison) {
    this.id = idOf(number);
    this.push = push;
  }

  forget(): void {
    this.push.forget();
    this.pairs.clear();
    this.deleted.clear();
    this.#deletedIds.clear();
    this.#messages.length = 0;
    this.#byId.clear();
  }

  /**
   * With the reference's ids of messages in place of their numbers. Whether a deleted message is answered again
   * to an id that no caller chose is left to the stores: no caller would send such an id.
   */
  resolve(command: Command): Command {
    return withIds(command, (token) => {
      const id = token.startsWith('#') ? this.#numbered(token)?.id : token;
      if (id !== undefined && command.type === 'delete_message') this.#deletedIds.add(id);
      const isLeftOpen = command.type === 'send_message' && token !== id && this.#deletedIds.has(id ?? '');
      return id === undefined || isLeftOpen ? uuid(0xef) : id;
    });
  }

  /** Remembers a message that was sent, and that the two ids made for it are a pair. */
  pair(command: Command, expected: Outcome | undefined, found: Outcome | undefined): void {
    if (command.type !== 'send_message' || !isMessage(expected?.value)) return;
    const message = expected.value;
    if (!this.#messages.some((each) => each.id === message.id)) this.#messages.push(message);
    this.#byId.set(message.id, message);
    if (command.identity || !isMessage(found?.value)) return;
    if ([...this.pairs.values()].includes(found.value.id))
      throw new Error(`the id ${found.value.id} was made twice`);
    this.pairs.set(message.id, found.value.id);
  }

  /** Of a command with the ids of the reference. */
  noteDeletion(command: Command): void {
    const message = command.type === 'delete_message' ? this.#byId.get(command.message) : undefined;
    if (!message) return;
    const positions = this.deleted.get(message.conversation) ?? new Set();
    this.deleted.set(message.conversation, positions.add(message.position));
  }

  #numbered(token: string): MessageView | undefined {
    return this.#messages[Number(token.slice(1)) % this.#messages.length];
  }
}

function idOf(number: number): string {
  return uuid(0xb0000000 + number);
}

/** The command with the ids of messages in it replaced. */
function withIds(command: Command, replace: (id: string) => string): Command {
  switch (command.type) {
    case 'send_message':
      return command.identity
        ? { ...command, identity: { ...command.identity, id: replace(command.identity.id) } }
        : command;
    case 'read_message':
    case 'deliver_message':
    case 'delete_message':
      return { ...command, message: replace(command.message) };
    default:
      return command;
  }
}

interface Reads {
  readonly at: number;
  readonly page: { readonly fromId: string; readonly limit: number };
  /** Whether it is the turn of this one of a list. */
  readonly isTurn: (index: number) => boolean;
}

/** All at once: a store over a network has them in one round trip. */
async function answersOf(store: Store, app: string, { at, page, isTurn }: Reads) {
  const asked = users.filter((_, index) => isTurn(index));
  const badges = store.ask(app, { type: 'badges', users: asked, now: at });
  const list = (user: string, sortBy: 'created_at' | 'last_message', unreadOnly: boolean) =>
    store.ask(app, { type: 'user_conversations', user, sortBy, unreadOnly, limit: 100, now: at });
  const ofUser = (user: string, index: number) =>
    together({
      user,
      badge: badges.then((all) => all[index]),
      explained: store.ask(app, { type: 'explanation', user, now: at }),
      explainedInPart: store.ask(app, { type: 'explanation', user, now: at, limit: page.limit }),
      all: list(user, 'created_at', false),
      unread: list(user, 'created_at', true),
      allByMessage: list(user, 'last_message', false),
      unreadByMessage: list(user, 'last_message', true),
      page: store.ask(app, {
        type: 'user_conversations',
        user,
        sortBy: 'last_message',
        unreadOnly: true,
        ...page,
        now: at,
      }),
      chatBadges: store.ask(app, { type: 'chat_badges', user, now: at }),
      blocks: store.ask(app, { type: 'blocks', user }),
    });
  const chosen = conversations.filter((_, index) => isTurn(index));
  return together({
    users: Promise.all(asked.map(ofUser)),
    conversations: Promise.all(
      chosen.map((id) => store.ask(app, { type: 'conversation', conversation: id })),
    ),
    participants: Promise.all(
      chosen.map((id) => store.ask(app, { type: 'participants', conversation: id, limit: page.limit })),
    ),
    messages: Promise.all(
      chosen.map((id) => store.ask(app, { type: 'messages', conversation: id, limit: page.limit })),
    ),
    readBy: Promise.all(
      chosen.map((id, index) =>
        store.ask(app, {
          type: 'messages',
          conversation: id,
          participant: users[index % users.length] ?? '',
          limit: 100,
        }),
      ),
    ),
  });
}

/** The stores may put the sentence as they like. */
function withoutSentence(outcome: Outcome | undefined): object {
  return outcome?.refusal
    ? { refusal: { ...outcome.refusal, message: undefined } }
    : { accepted: outcome?.value };
}

function isMessage(value: Outcome['value']): value is MessageView {
  return typeof value === 'object' && value !== null && 'position' in value;
}

function assertSame(found: string | undefined, what: string): void {
  if (found !== undefined) throw new Error(`${what}: ${found}`);
}
