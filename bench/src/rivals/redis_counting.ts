/**
 * Counters in Redis, as chat backends write them by hand: a hash of unread counts for each user, and their sum. Every message
 * increments both for each recipient, in one pipeline. The participants are cached in the process.
 */
import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import type { Counting, Counts, SentMessage } from './counting.js';
import type { Room } from './scene.js';

export class RedisCounting implements Counting {
  readonly #redis: Redis;
  readonly #participants = new Map<string, readonly string[]>();

  constructor(socketPath: string) {
    this.#redis = new Redis({ path: socketPath, enableAutoPipelining: true });
  }

  async prepare(rooms: readonly Room[], messages: number): Promise<void> {
    for (const { id, participants } of rooms) this.#participants.set(id, participants);
    if (messages === 0) return;
    for (const { id, participants } of rooms) {
      const pipeline = this.#redis.pipeline().incrby(`head:${id}`, messages);
      for (const user of participants.slice(1))
        pipeline.hincrby(`unread:${user}`, id, messages).incrby(`total:${user}`, messages);
      await succeeded(pipeline.exec());
    }
  }

  async send(conversation: string, sender: string): Promise<SentMessage | undefined> {
    const participants = this.#participants.get(conversation);
    if (participants === undefined) return undefined;
    const pipeline = this.#redis.pipeline().incr(`head:${conversation}`);
    for (const user of participants)
      if (user !== sender) pipeline.hincrby(`unread:${user}`, conversation, 1).incr(`total:${user}`);
    const [position] = await succeeded(pipeline.exec());
    return { id: randomUUID(), position: Number(position) };
  }

  async counts(user: string): Promise<Counts> {
    const [total, conversations] = await Promise.all([
      this.#redis.get(`total:${user}`),
      this.#redis.hlen(`unread:${user}`),
    ]);
    return { messages: Number(total ?? 0), conversations };
  }
}

async function succeeded(
  results: Promise<[error: Error | null, result: unknown][] | null>,
): Promise<unknown[]> {
  return ((await results) ?? []).map(([error, result]) => {
    if (error !== null) throw error;
    return result;
  });
}
