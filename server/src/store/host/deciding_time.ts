/**
 * How long an append may be decided. Time in which other processes had the processor does not count, up to a limit: on a busy
 * machine batches would otherwise end after a few commands, and each of them costs a commit.
 */
const longestCpuMs = 10;
const longestMs = 50;
/** To ask for the processor's time takes a microsecond, and each command asks whether the time is over. */
const checkMs = 1;

/** Both in milliseconds. */
export interface DecidingClock {
  readonly now: () => number;
  /** What the process has used. */
  readonly cpu: () => number;
}

const ofProcess: DecidingClock = {
  now: () => performance.now(),
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1_000;
  },
};

export class DecidingTime {
  readonly #clock: DecidingClock;
  #begunAt = 0;
  #cpuBefore = 0;
  /** It is not over before. */
  #checkAt = Number.POSITIVE_INFINITY;

  constructor(clock: DecidingClock = ofProcess) {
    this.#clock = clock;
  }

  begin(): void {
    this.#begunAt = this.#clock.now();
    this.#cpuBefore = this.#clock.cpu();
    this.#checkAt = this.#begunAt + longestCpuMs;
  }

  get isOver(): boolean {
    const now = this.#clock.now();
    if (now < this.#checkAt) return false;
    const left = longestCpuMs - (this.#clock.cpu() - this.#cpuBefore);
    if (left <= 0 || now - this.#begunAt >= longestMs) return true;
    this.#checkAt = Math.min(now + Math.max(left, checkMs), this.#begunAt + longestMs);
    return false;
  }
}
