/**
 * The last hour of this process, looked at every ten seconds. It is kept in memory only, and is for people: a
 * monitoring system that wants to know more, or for longer, reads the metrics themselves.
 */
import type { Registry } from 'prom-client';
import { readFigures } from './figures.js';
import { type Look, type Sample, sampleBetween } from './sample.js';

export const intervalSeconds = 10;
export const keptSamples = 360;

export interface HistoryParts {
  readonly registry: Registry;
  readonly now: () => number;
}

export class History {
  readonly startedAt: number;
  readonly #parts: HistoryParts;
  readonly #samples: Sample[] = [];
  #last: Look | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isLooking = false;
  #isStopped = false;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
    this.startedAt = parts.now();
  }

  /** Oldest first; 360 at most. */
  get samples(): readonly Sample[] {
    return this.#samples;
  }

  start(onError: (error: unknown) => void): void {
    const look = () => {
      this.look().catch((error: unknown) => {
        // The store may close while it is looked at.
        if (!this.#isStopped) onError(error);
      });
    };
    look();
    this.#timer = setInterval(look, intervalSeconds * 1000);
    this.#timer.unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
  }

  /** The first look only begins: a sample says what happened since the last one. */
  async look(): Promise<void> {
    // A look that takes longer than the time until the next one makes that one superfluous.
    if (this.#isLooking || this.#isStopped) return;
    this.#isLooking = true;
    try {
      const figures = await readFigures(this.#parts.registry);
      this.#add({ at: this.#parts.now(), figures });
    } finally {
      this.#isLooking = false;
    }
  }

  /** Where the clock was set back there is no telling how long it has been: the next sample begins here. */
  #add(look: Look): void {
    if (this.#last !== undefined && look.at > this.#last.at) {
      this.#samples.push(sampleBetween(this.#last, look));
      if (this.#samples.length > keptSamples) this.#samples.shift();
    }
    this.#last = look;
  }
}
