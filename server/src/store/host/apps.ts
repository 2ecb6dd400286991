/** The apps that are loaded: each with its number in the engine, its state in memory, and its commands that wait for an append. */
import { randomBytes } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import {
  type Ahead,
  type Audience,
  badge,
  type Capacity,
  type Event,
  Facts,
  type HashKey,
  type LoggedMessage,
  Machine,
  type Need,
  type Query,
  type QueryResult,
} from '@badged/core';
import { mapInSlices, SlicedWork } from '../../slices.js';
import type { StoredApp } from '../engine.js';
import type { Candidates, HostedApp } from '../hosted_app.js';
import type { App } from '../port.js';
import type { Job } from './job.js';
import { messageIds } from './message_ids.js';
import { RecentIds } from './recent_ids.js';
import { SentTimes } from './sent_times.js';

/** Some hundred microseconds. */
const rowsPerStep = 200;
const usersPerStep = 100;
const endsPerStep = 10_000;

export class LoadedApp implements HostedApp {
  readonly number: number;
  readonly machine: Machine;
  readonly recentIds = new RecentIds();
  readonly #sentTimes = new SentTimes();
  /** Replaced as a whole when the settings change. */
  app: App;
  /** Commands that are not decided, in order. */
  readonly waiting: Job[] = [];
  isAppending = false;
  /** What is in memory, and not durable yet; undefined if all of it is. `ended` resolves once it is durable, or the store stopped. */
  ahead: { readonly events: Ahead; readonly ended: Promise<void> } | undefined;
  #seq = 0;
  #isReleasing = false;

  constructor({ number, app }: StoredApp, idKey: Uint8Array, capacity: Partial<Capacity> = {}) {
    this.number = number;
    this.app = app;
    this.machine = new Machine(messageIds(idKey, number), hashKey(), { capacity });
  }

  /** The number of the last event that is in the state. */
  get seq(): number {
    return this.#seq;
  }

  /** The state was restored from a checkpoint that holds every event up to this one. */
  startAt(seq: number): void {
    this.#seq = seq;
  }

  /** Applies the next event: one that is in the log already, or that is appended in the same step. */
  apply(event: Event): void {
    this.#seq += 1;
    if (event.type === 'message' && event.id !== undefined) this.recentIds.add(event.id, this.#seq);
    this.machine.apply(event, this.#seq);
    if (event.type === 'conversation_deleted' && !this.#isReleasing) void this.#release();
  }

  badge(user: string, now: number): number | null {
    const { settings } = this.app;
    if (settings.mode === 'disabled') return null;
    const counts = this.machine.ask<'badge'>({ type: 'badge', user, now }, settings).result;
    return counts === undefined ? 0 : badge(counts, settings);
  }

  /** In slices: each user once, as of one moment. */
  async badges({ users, now }: Query<'badges'>): Promise<QueryResult<'badges'>> {
    const { machine, app } = this;
    const distinct = [...new Set(users)];
    const read = (user: string) => machine.ask<'badge'>({ type: 'badge', user, now }, app.settings).result;
    const badges = await mapInSlices(app.id, distinct, (user) => [user, read(user)] as const);
    const found = new Map(badges);
    return users.map((user) => found.get(user));
  }

  eachRecipient(audience: Audience, users: Candidates, now: number): Iterator<string | undefined> {
    return this.machine.eachRecipient(audience, users, now);
  }

  async recipientsInSlices(audience: Audience, users: Candidates, now: number): Promise<string[]> {
    const work = new SlicedWork(this.app.id);
    const found: string[] = [];
    let steps = 0;
    for (const user of this.machine.eachRecipient(audience, users, now)) {
      if (user !== undefined) found.push(user);
      steps += 1;
      if (steps % usersPerStep === 0) await work.pause();
    }
    return found;
  }

  /** In slices. */
  async nextMuteEnd(now: number): Promise<number | null> {
    const work = new SlicedWork(this.app.id);
    let next: number | null = null;
    let steps = 0;
    for (const end of this.machine.state.participations.muteEnds()) {
      if (end > now && (next === null || end < next)) next = end;
      steps += 1;
      if (steps % endsPerStep === 0) await work.pause();
    }
    return next;
  }

  /** Frees the rows of deleted conversations while others are served. */
  async #release(): Promise<void> {
    this.#isReleasing = true;
    await nextTurn();
    const work = new SlicedWork(this.app.id);
    while (this.machine.release(rowsPerStep)) await work.pause();
    this.#isReleasing = false;
  }

  /** To be fetched into. */
  newFacts(): Facts {
    return new FactsOfApp(this.recentIds, this.#sentTimes);
  }
}

/** A new one for each process: it never leaves memory. */
function hashKey(): HashKey {
  const bytes = randomBytes(16);
  return [bytes.readUInt32LE(0), bytes.readUInt32LE(4), bytes.readUInt32LE(8), bytes.readUInt32LE(12)];
}

class FactsOfApp extends Facts {
  readonly #recentIds: RecentIds;
  readonly #sentTimes: SentTimes;

  constructor(recentIds: RecentIds, sentTimes: SentTimes) {
    super();
    this.#recentIds = recentIds;
    this.#sentTimes = sentTimes;
  }

  /** An id that was not found, and is in the log by now, is needed again. */
  override chosen(id: string): LoggedMessage | null | undefined {
    const found = super.chosen(id);
    if (found !== null) return found;
    const reference = this.#recentIds.find(id);
    return reference === undefined || reference === this.droppedAt(id) ? found : undefined;
  }

  override sentAt(conversation: number, position: number): number | undefined {
    return this.#sentTimes.get(conversation, position);
  }

  override add(need: Exclude<Need, { readonly kind: 'chosen_id' }>, found: readonly LoggedMessage[]): void {
    super.add(need, found);
    const message = found.at(-1)?.message;
    if (need.kind === 'landing' && message?.position === need.to)
      this.#sentTimes.add(message.conversation, message.position, message.at);
  }
}

export class LoadedApps {
  readonly #byId = new Map<string, LoadedApp>();

  get(id: string): LoadedApp | undefined {
    return this.#byId.get(id);
  }

  /** In the order in which they were created. */
  all(): Iterable<LoadedApp> {
    return this.#byId.values();
  }

  add(loaded: LoadedApp): void {
    this.#byId.set(loaded.app.id, loaded);
  }

  remove(loaded: LoadedApp): void {
    this.#byId.delete(loaded.app.id);
  }
}
