/**
 * Old rows of the logs are dropped at random moments, also only in part, and every count stays what the reference says, which
 * keeps everything. What needs a row that is gone is refused or differs as docs/retention.md says.
 */
import type { Command } from '@badged/core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EngineReader } from '../../src/store/engine.js';
import { Retention } from '../../src/store/host/retention.js';
import { verify } from '../../src/store/host/verify.js';
import type { Store } from '../../src/store/port.js';
import { ReferenceStore } from '../../src/store/reference/store.js';
import type { RetentionEngine } from '../../src/store/retention_engine.js';
import { anApp, now, openScenario, type Scenario, uuid } from './scenario.js';
import type { StoreFactory, StoreUnderTest } from './store_under_test.js';

/** When the commands begin. */
const start = now - 100_000;

const users = ['ann', 'bob', 'cem', 'dan'];
const rooms = ['room-1', 'room-2'];

type Step =
  | { readonly kind: 'command'; readonly command: Command }
  | { readonly kind: 'delete'; readonly message: number }
  /** All but some of the newest rows are dropped, and after so many writes the server dies. */
  | { readonly kind: 'drop'; readonly writes: number; readonly kept: number };

const user = fc.constantFrom(...users);
const conversation = fc.constantFrom(...rooms);
const position = fc.integer({ min: 1, max: 9 });
const someone = fc.uniqueArray(user, { minLength: 1, maxLength: 4 });

const commands = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      type: fc.constant('send_message' as const),
      conversation,
      sender: fc.oneof(
        user.map((userId) => ({ userId })),
        fc.constant({ name: 'system' }),
      ),
      mentions: fc.uniqueArray(user, { maxLength: 1 }),
      silent: fc.boolean(),
      at: fc.constant(now - 1_000),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('mark_unread' as const), user, conversation, position }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      type: fc.constant('mark_all_read' as const),
      user,
      conversations: fc.record({ conversation, position }).map((one) => [one]),
    }),
  },
  fc.record({
    type: fc.constant('change_conversation' as const),
    conversation,
    operations: fc
      .record({
        operation: fc.constantFrom('add' as const, 'remove' as const),
        property: fc.constant('participants' as const),
        user,
      })
      .map((one) => [one]),
  }),
  fc.record({
    type: fc.constant('change_blocks' as const),
    owner: user,
    operations: fc
      .record({ operation: fc.constantFrom('add' as const, 'remove' as const), user })
      .map((one) => [one]),
  }),
  fc.record({
    type: fc.constant('set_notifications' as const),
    user,
    conversation,
    level: fc.constantFrom('all' as const, 'mentions' as const, 'none' as const),
    mutedUntil: fc.constant(null),
  }),
  fc.record({
    type: fc.constant('announce' as const),
    id: fc.integer({ min: 1, max: 3 }).map((n) => uuid(0xa0 + n)),
    recipients: fc.oneof(someone, fc.constant('everyone' as const)),
    at: fc.constant(now - 1_000),
  }),
  fc.record({
    type: fc.constant('read_announcement' as const),
    user,
    announcement: fc.integer({ min: 1, max: 3 }).map((n) => uuid(0xa0 + n)),
  }),
  fc.record({
    type: fc.constant('set_external' as const),
    counts: user.map((one) => [{ user: one, name: '', count: 2 }]),
  }),
  fc.record({ type: fc.constant('delete_conversation' as const), conversation: fc.constant('room-2') }),
);

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 12, arbitrary: commands.map((command) => ({ kind: 'command' as const, command })) },
  { weight: 1, arbitrary: fc.nat({ max: 5 }).map((message) => ({ kind: 'delete' as const, message })) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('drop' as const),
      writes: fc.integer({ min: 1, max: 12 }),
      kept: fc.nat({ max: 12 }),
    }),
  },
);

export function retentionSuite(
  name: string,
  factory: StoreFactory,
  options: { readonly runs: number; readonly steps?: number },
): void {
  describe(`${name} that drops old rows`, () => {
    test('promises 1 and 10: every count stays exact, and verify finds no difference', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(step, { minLength: 10, maxLength: options.steps ?? 50, size: 'max' }),
          async (steps) => {
            const run = await Run.start(factory);
            try {
              for (const each of steps) await run.take(each);
              await run.drop(Number.POSITIVE_INFINITY, 0);
            } finally {
              await run.dispose();
            }
          },
        ),
        { numRuns: options.runs },
      );
    });

    test('promise 10: what was marked unread counts in a recount whose messages are gone', async () => {
      const { app, engine } = await openWithEngine(factory);
      const chat = await app.conversation(['ann', 'bob']);
      await app.send(chat, 'ann', { at: now - 50 });
      await app.send(chat, 'bob', { at: now - 40 });
      await app.send(chat, 'bob', { at: now - 30, mentions: ['ann'] });
      await app.readAll('ann', chat);
      await app.unreadFrom('ann', chat, 1);
      await app.readAll('bob', chat);
      await app.unreadFrom('bob', chat, 1);
      await app.send(chat, 'bob', { at: now - 20 });
      await app.level('ann', chat, 'mentions');
      await app.reopen();
      await dropAll(engine(), Number.POSITIVE_INFINITY, now - 20);
      expect([await app.unread('ann'), await app.unread('bob')]).toEqual([1, 1]);
      expect(await verify(engine())).toMatchObject({ differences: [], droppedRows: 4, messages: 1 });
    });

    test('what is gone is said, and never counted wrong', async () => {
      const { app, engine: current } = await openWithEngine(factory);
      const identity = { id: uuid(70), fingerprint: 7 };
      const chat = await app.conversation(['ann', 'bob']);
      const own = await app.send(chat, 'ann');
      await app.send(chat, 'bob', { identity });
      const last = await app.send(chat, 'bob');
      await app.readAll('ann', chat);
      await app.announce(['zoe']);
      await app.reopen();
      const engine = current();
      await dropAll(engine);
      const number = (await engine.apps())[0]?.number ?? 0;
      // Of all rows, one stays.
      expect(await engine.firstSeq(number)).toBe(await engine.lastSeq(number));
      expect(await engine.chosenId(number, identity.id)).toBe(0);
      const unread = { type: 'mark_unread', user: 'ann', conversation: chat, position: 1 } as const;
      expect((await app.store.execute(app.app, unread)).refusal).toMatchObject({
        code: 'invalid_property',
        message: expect.stringContaining('No message of this conversation is kept any more'),
      });
      expect(
        (await app.store.execute(app.app, { type: 'read_message', user: 'ann', message: identity.id }))
          .refusal?.code,
      ).toBe('not_found');
      // Ids that the service makes say themselves where the message is.
      await app.read('ann', own.id);
      await app.deleteMessage(last.id);
      expect(await lastMessage(app, chat)).toBeNull();
      // As a new one.
      const again = await app.send(chat, 'bob', { identity });
      expect(again.position).toBe(4);
      await app.unreadFrom('ann', chat, 4);
      expect(await app.unread('ann')).toBe(1);
      expect((await app.store.execute(app.app, { ...unread, position: 2 })).refusal?.message).toContain(
        'back to position 4',
      );
      expect((await verify(engine)).differences).toEqual([]);
    });
  });
}

async function openWithEngine(factory: StoreFactory) {
  let opened: StoreUnderTest | undefined;
  const app = await openScenario(async () => {
    opened = await factory();
    return opened;
  });
  /** After a reopen, it may be another one. */
  const engine = (): RetentionEngine => {
    const current = opened?.engine?.();
    if (current === undefined) throw new Error('it has no engine');
    return current;
  };
  return { app, engine };
}

async function lastMessage(app: Scenario, conversation: string): Promise<unknown> {
  const view = await app.store.ask(app.app, { type: 'user_conversation', user: 'bob', conversation, now });
  return view?.lastMessage;
}

/** Those from before the time, as far as checkpoints go; `writes` is how many writes happen before the server dies. */
async function dropAll(
  engine: RetentionEngine,
  writes = Number.POSITIVE_INFINITY,
  before = now,
): Promise<void> {
  let left = writes;
  const dying = (): void => {
    left -= 1;
    if (left < 0) throw new Error('the server died');
  };
  const mortal: RetentionEngine = {
    ...reading(engine),
    takeBase: (app) => engine.takeBase(app),
    inSnapshot: (work) => engine.inSnapshot(work),
    writeBase(app, rows, upTo) {
      dying();
      return engine.writeBase(app, rows, upTo);
    },
    dropEvents(app, from, to) {
      dying();
      return engine.dropEvents(app, from, to);
    },
  };
  const apps = await engine.apps();
  const warnings: string[] = [];
  const retention = new Retention({
    engine: mortal,
    apps: () => apps,
    keepMs: 0,
    now: () => before,
    pace: { rows: 1, rowsPerChunk: 2, pauseMs: 0 },
    onWarning: (message) => warnings.push(message),
  });
  await retention.round();
  expect(warnings.every((message) => message.includes('the server died'))).toBe(true);
}

function reading(engine: RetentionEngine): EngineReader {
  return {
    capabilities: engine.capabilities,
    apps: () => engine.apps(),
    firstSeq: (app) => engine.firstSeq(app),
    lastSeq: (app) => engine.lastSeq(app),
    logAfter: (app, seq) => engine.logAfter(app, seq),
    messagesBack: (app, from, to, limit) => engine.messagesBack(app, from, to, limit),
    chosenId: (app, id) => engine.chosenId(app, id),
    checkpointSeq: (app) => engine.checkpointSeq(app),
    checkpoint: (app) => engine.checkpoint(app),
    close: () => {},
  };
}

class Run {
  readonly #opened: StoreUnderTest;
  readonly #reference = new ReferenceStore();
  readonly #app = anApp();
  /** The ids of each message, here and in the reference. */
  readonly #messages: (readonly [string, string])[] = [];
  #store: Store;
  /** How many commands there were: each takes a millisecond. */
  #time = 0;

  static async start(factory: StoreFactory): Promise<Run> {
    const run = new Run(await factory());
    await run.#store.apps.create(run.#app);
    await run.#reference.apps.create(run.#app);
    for (const [index, id] of rooms.entries()) {
      const participants = index === 0 ? ['ann', 'bob', 'cem'] : ['ann', 'bob'];
      await run.#both({
        type: 'create_conversation',
        id,
        participants,
        distinct: false,
        metadata: null,
        at: start,
      });
    }
    return run;
  }

  private constructor(opened: StoreUnderTest) {
    this.#opened = opened;
    this.#store = opened.store;
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'drop') return this.drop(step.writes, step.kept);
    if (step.kind === 'command') {
      this.#time += 1;
      return this.#both('at' in step.command ? { ...step.command, at: start + this.#time } : step.command);
    }
    const [here, there] = this.#messages.at(-1 - step.message) ?? [];
    if (here === undefined || there === undefined) return;
    const outcome = await this.#store.execute(this.#app.id, { type: 'delete_message', message: here });
    const other = await this.#reference.execute(this.#app.id, { type: 'delete_message', message: there });
    expect(outcome.refusal?.code).toBe(other.refusal?.code);
  }

  async drop(writes: number, kept: number): Promise<void> {
    if (this.#opened.reopen !== undefined) this.#store = await this.#opened.reopen();
    const engine = this.#opened.engine?.();
    if (engine === undefined) throw new Error('it has no engine');
    await dropAll(engine, writes, start + Math.max(0, this.#time - kept));
    expect((await verify(engine)).differences).toEqual([]);
    for (const user of users) {
      expect(await countsOf(this.#store, this.#app.id, user)).toEqual(
        await countsOf(this.#reference, this.#app.id, user),
      );
    }
  }

  dispose(): Promise<void> {
    return this.#opened.dispose();
  }

  async #both(command: Command): Promise<void> {
    const outcome = await this.#store.execute(this.#app.id, command);
    if (outcome.refusal?.message.match(/not kept|is kept/) && command.type === 'mark_unread') return;
    const other = await this.#reference.execute(this.#app.id, command);
    expect(outcome.refusal?.code).toBe(other.refusal?.code);
    if (command.type !== 'send_message' || outcome.value === undefined || other.value === undefined) return;
    this.#messages.push([idOf(outcome.value), idOf(other.value)]);
  }
}

/** Cursors may differ: whether a deleted message of the user's own is read or uncounted changes no count. */
async function countsOf(store: Store, app: string, user: string): Promise<unknown> {
  const badge = await store.ask(app, { type: 'badge', user, now });
  const explanation = await store.ask(app, { type: 'explanation', user, now });
  const conversations = explanation?.conversations.map(({ id, unreadMessageCount, badgeCount }) => ({
    id,
    unreadMessageCount,
    badgeCount,
  }));
  return { badge, conversations, announcements: explanation?.announcements };
}

function idOf(value: object | null): string {
  return value !== null && 'id' in value ? String(value.id) : '';
}
