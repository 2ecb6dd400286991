/** Live streams of badges that are opened again wherever they end, and what they showed. */

import { setTimeout as delay } from 'node:timers/promises';
import { pick, type Random } from '../push/random.js';
import type { ClusterWorld, Watched } from './world.js';

export class Streams {
  readonly problems: string[] = [];
  /** How many were opened. */
  opened = 0;
  readonly #world: ClusterWorld;
  readonly #random: Random;
  readonly #shown = new Map<Watched, number>();
  readonly #end = new AbortController();

  constructor(world: ClusterWorld, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  /** The number that the user's stream showed last. */
  shown(watched: Watched): number | undefined {
    return this.#shown.get(watched);
  }

  async run(): Promise<void> {
    await Promise.all(this.#world.watched.map((watched) => this.#follow(watched)));
  }

  stop(): void {
    this.#end.abort();
  }

  async #follow(watched: Watched): Promise<void> {
    while (!this.#end.signal.aborted) {
      try {
        await this.#open(watched);
      } catch {
        // The server ended, or the connection broke.
      }
      await delay(20);
    }
  }

  async #open(watched: Watched): Promise<void> {
    const { chat, user } = watched;
    const { server } = pick(this.#random, this.#world.slots);
    const isObserver = user === chat.observer;
    const check = chat.ledger.expectUnread(isObserver ? 'observer' : 'reader');
    const response = await fetch(new URL(`/apps/${chat.app}/users/${user}/badge`, server.url), {
      headers: { authorization: `Bearer ${chat.token}`, accept: 'text/event-stream' },
      signal: this.#end.signal,
    });
    if (!response.ok || response.body === null) return;
    this.opened += 1;
    let [text, before] = ['', -1];
    for await (const chunk of response.body.pipeThrough(new TextDecoderStream())) {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        if (!line.startsWith('data: ')) continue;
        const count = Number(JSON.parse(line.slice(6)).unread_message_count);
        this.#shown.set(watched, count);
        // Later numbers may be behind; the first one is a read, and messages only become more.
        const problem = before === -1 ? check(count) : undefined;
        if (problem !== undefined) this.problems.push(`A stream began with an old number: ${problem}`);
        if (isObserver && count < before)
          this.problems.push(`A stream of ${user} went back from ${before} to ${count}.`);
        before = count;
      }
    }
  }
}
