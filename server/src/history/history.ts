/**
 * The last hour of this process, sampled every ten seconds. It is in memory only, and for the dashboard: a monitoring
 * system that needs more reads the metrics themselves.
 */
import type { Registry } from 'prom-client';
import { readFigures } from './figures.js';
import { type Reading, type Sample, sampleBetween } from './sample.js';

export const intervalSeconds = 10;
export const maxSamples = 360;

export interface HistoryDeps {
  readonly registry: Registry;
  readonly now: () => number;
}

export class History {
  readonly startedAt: number;
  readonly #deps: HistoryDeps;
  readonly #samples: Sample[] = [];
  #last: Reading | undefined;
  #timer: NodeJS.Timeout | undefined;
  #state: 'idle' | 'reading' | 'stopped' = 'idle';

  constructor(deps: HistoryDeps) {
    this.#deps = deps;
    this.startedAt = deps.now();
  }

  /** Oldest first; 360 at most. */
  get samples(): readonly Sample[] {
    return this.#samples;
  }

  start(onError: (error: unknown) => void): void {
    const sample = () => {
      this.sample().catch((error: unknown) => {
        // The store may close during a read.
        if (!this.#isStopped()) onError(error);
      });
    };
    sample();
    this.#timer = setInterval(sample, intervalSeconds * 1000);
    this.#timer.unref();
  }

  stop(): void {
    this.#state = 'stopped';
    clearInterval(this.#timer);
  }

  /** Adds a sample of the time since the last call. The first call adds none. */
  async sample(): Promise<void> {
    // If reading takes longer than the interval, the next one is skipped.
    if (this.#state !== 'idle') return;
    this.#state = 'reading';
    try {
      const figures = await readFigures(this.#deps.registry);
      this.#add({ at: this.#deps.now(), figures });
    } finally {
      if (!this.#isStopped()) this.#state = 'idle';
    }
  }

  /** It may be stopped while a read is awaited. */
  #isStopped(): boolean {
    return this.#state === 'stopped';
  }

  /** If the clock was set back, the time that has passed is unknown: the next sample begins here. */
  #add(reading: Reading): void {
    if (this.#last !== undefined && reading.at > this.#last.at) {
      this.#samples.push(sampleBetween(this.#last, reading));
      if (this.#samples.length > maxSamples) this.#samples.shift();
    }
    this.#last = reading;
  }
}
