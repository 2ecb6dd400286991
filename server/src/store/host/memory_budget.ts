/**
 * Keeps a server that holds all its apps in memory from running out of memory: it warns when its apps take most of their budget, or live objects
 * most of the JavaScript heap, and refuses what grows before either is full. Reads, receipts and deleting go on.
 */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import type { MemoryPressure } from '@badged/core';

export interface MemoryBudgetDeps {
  /** In bytes, for the apps together. */
  readonly budget: number;
  /** What the apps take. */
  readonly bytes: () => number;
  readonly heap: HeapUse;
  readonly onWarning: (message: string) => void;
}

/** Of the JavaScript heap. */
export interface HeapUse {
  /** What was live after the last full garbage collection: what is garbage says nothing. */
  readonly liveBytes: () => number;
  readonly limit: number;
  readonly stop?: () => void;
}

/** Shares of the budget, and of the heap. */
const shares = {
  budget: { warning: 0.8, growth: 1, messages: 1.1 },
  heap: { warning: 0.7, growth: 0.8, messages: 0.9 },
};

type Level = 'none' | 'warning' | 'growth' | 'messages';
const levels: readonly Level[] = ['messages', 'growth', 'warning'];

const checkMs = 500;

export class MemoryBudget {
  readonly #deps: MemoryBudgetDeps;
  #level: Level = 'none';
  #timer: NodeJS.Timeout | undefined;

  constructor(deps: MemoryBudgetDeps) {
    this.#deps = deps;
  }

  get pressure(): MemoryPressure {
    return this.#level === 'warning' ? 'none' : this.#level;
  }

  get budget(): number {
    return this.#deps.budget;
  }

  start(): void {
    this.check();
    this.#timer = setInterval(() => this.check(), checkMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#deps.heap.stop?.();
  }

  check(): void {
    const { budget, bytes, heap, onWarning } = this.#deps;
    const [used, live] = [bytes(), heap.liveBytes()];
    const level = levels.find((one) => isReached(one, used / budget, live / heap.limit)) ?? 'none';
    if (level === this.#level) return;
    const before = this.#level;
    this.#level = level;
    const apps = `Apps take ${mebibytes(used)} of their ${mebibytes(budget)} (--memory-budget)`;
    const figures = `${apps}, and ${mebibytes(live)} of the ${mebibytes(heap.limit)} of the JavaScript heap are in use.`;
    if (level === 'none') onWarning(`Memory is no longer short. ${figures}`);
    else if (level === 'warning' && before === 'none')
      onWarning(`Memory is getting short. ${figures} ${advice}`);
    else if (level === 'warning') onWarning(`Everything is accepted again. ${figures} ${advice}`);
    else onWarning(`Memory is short: ${refused[level]} ${figures} ${advice}`);
  }
}

const advice = 'Delete conversations, or give the server more memory.';
const refused = {
  growth: 'new users, conversations, participants and announcements are refused.',
  messages: 'messages, and new users, conversations, participants and announcements are refused.',
};

function isReached(level: Level, budget: number, heap: number): boolean {
  return level !== 'none' && (budget >= shares.budget[level] || heap >= shares.heap[level]);
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

const fullCollection = 4;

/** Of this process. */
export function observeHeap(): HeapUse {
  let live = getHeapStatistics().used_heap_size;
  const observer = new PerformanceObserver((list) => {
    const isFull = list.getEntries().some((entry) => kindOf(entry) === fullCollection);
    if (isFull) live = getHeapStatistics().used_heap_size;
  });
  observer.observe({ entryTypes: ['gc'] });
  return {
    liveBytes: () => live,
    limit: getHeapStatistics().heap_size_limit,
    stop: () => observer.disconnect(),
  };
}

/** Of an entry about a garbage collection: the types of Node do not have its details. */
function kindOf(entry: object): unknown {
  const detail: unknown = Reflect.get(entry, 'detail');
  return typeof detail === 'object' && detail !== null ? Reflect.get(detail, 'kind') : undefined;
}
