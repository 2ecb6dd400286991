/** The store's figures for Prometheus. */
import type { MemoryPressure } from '@badged/core';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { SharedFigures } from './shared_figures.js';
import type { SharedStore } from './shared_store.js';
import type { HostStore, StoreFigures } from './store.js';

export function reportStore(store: HostStore, registry: Registry): void {
  const report = new Report<StoreFigures>(store, registry);
  reportBoth(report);
  report.gauge(
    'badged_store_journal_tail_rows',
    'Rows the next start would apply again.',
    ({ logTail }) => logTail,
  );
  report.gauge('badged_store_journal_rows', 'Rows of the journal.', ({ logRows }) => logRows);
  report.counter(
    'badged_store_checkpoints_total',
    'Checkpoints of all apps that were completed.',
    ({ checkpoints }) => checkpoints,
  );
  report.gauge(
    'badged_store_checkpoint_age_seconds',
    'Time since the start of the last complete checkpoint; 0 if nothing has changed since.',
    ({ checkpointAgeMs }) => checkpointAgeMs / 1000,
  );
  report.gauge('badged_store_memory_bytes', 'Memory that all apps take, about.', ({ bytes }) => bytes);
  report.gauge(
    'badged_store_memory_budget_bytes',
    'Memory that all apps may take (--memory-budget).',
    ({ budget }) => budget,
  );
  report.gauge(
    'badged_store_memory_pressure',
    '0: everything is accepted. 1: what adds users, conversations, participants or announcements is refused. 2: messages too.',
    ({ pressure }) => pressures.indexOf(pressure),
  );
}

const pressures: readonly MemoryPressure[] = ['none', 'growth', 'messages'];

export function reportSharedStore(store: SharedStore, registry: Registry): void {
  const report = new Report<SharedFigures>(store, registry);
  reportBoth(report);
  report.gauge('badged_store_loaded_apps', 'Apps in the memory of this node.', ({ apps }) => apps);
  report.gauge(
    'badged_store_memory_bytes',
    'Memory that the apps in the memory of this node take, about.',
    ({ bytes }) => bytes,
  );
  report.counter('badged_store_loads_total', 'Times an app was loaded into memory.', ({ loads }) => loads);
  report.counter(
    'badged_store_idle_unloads_total',
    'Times an app was removed from memory because it was idle.',
    ({ unloads }) => unloads.idle,
  );
  report.counter(
    'badged_store_memory_unloads_total',
    'Times an app was removed from memory to stay within the budget.',
    ({ unloads }) => unloads.memory,
  );
  reportLargest(store, registry);
  report.counter(
    'badged_store_head_queries_total',
    'Queries for the ends of the logs, each for all reads that waited.',
    ({ headQueries }) => headQueries,
  );
  report.counter(
    'badged_store_reloads_total',
    'Times an app was loaded again, because an append failed or the database lost events.',
    ({ reloads }) => reloads,
  );
  report.counter(
    'badged_store_lost_events_total',
    'Events that this node had applied, and that the database lost.',
    ({ lostEvents }) => lostEvents,
  );
}

const commitBuckets = [0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];

/** Returns what the engine calls after each commit. */
export function commitDurations(registry: Registry): (seconds: number) => void {
  const durations = new Histogram({
    name: 'badged_store_commit_duration_seconds',
    help: 'Duration of commits: writing and syncing, or all round trips of an append to a database.',
    buckets: commitBuckets,
    registers: [registry],
  });
  return (seconds) => durations.observe(seconds);
}

/** Of as many apps as a dashboard can show, however many there are. */
const largestApps = 10;

function reportLargest(store: SharedStore, registry: Registry): void {
  new Gauge({
    name: 'badged_store_app_bytes',
    help: `Memory that each of the ${largestApps} largest apps takes on this node, about.`,
    labelNames: ['app'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { app, bytes } of store.largestApps(largestApps)) this.set({ app }, bytes);
    },
  });
}

type CommonFigures = Pick<StoreFigures, 'commits' | 'commands' | 'rows' | 'participations' | 'droppedRows'>;

function reportBoth<F extends CommonFigures>(report: Report<F>): void {
  report.counter(
    'badged_store_commits_total',
    'Commits, each with one sync to disk.',
    ({ commits }) => commits,
  );
  report.counter('badged_store_commands_total', 'Commands executed or refused.', ({ commands }) => commands);
  report.counter('badged_store_rows_total', 'Rows appended to the journal.', ({ rows }) => rows);
  report.counter(
    'badged_store_dropped_rows_total',
    'Rows of the journal that were removed because they were older than --keep-messages.',
    ({ droppedRows }) => droppedRows,
  );
  report.gauge(
    'badged_store_participations',
    'Participants of all conversations.',
    ({ participations }) => participations,
  );
}

class Report<F> {
  readonly #store: { readonly figures: F };
  readonly #registry: Registry;

  constructor(store: { readonly figures: F }, registry: Registry) {
    this.#store = store;
    this.#registry = registry;
  }

  counter(name: string, help: string, read: (figures: F) => number): void {
    const store = this.#store;
    new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(read(store.figures));
      },
    });
  }

  gauge(name: string, help: string, read: (figures: F) => number): void {
    const store = this.#store;
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read(store.figures));
      },
    });
  }
}
