/** The store's figures for Prometheus. */
import { Counter, Gauge, type Registry } from 'prom-client';
import type { HostStore, StoreFigures } from './store.js';

export function reportStore(store: HostStore, registry: Registry): void {
  const counter = (name: string, help: string, read: (figures: StoreFigures) => number) =>
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(read(store.figures));
      },
    });
  const gauge = (name: string, help: string, read: (figures: StoreFigures) => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read(store.figures));
      },
    });
  counter('badged_store_commits_total', 'Commits, each with one sync to disk.', ({ commits }) => commits);
  counter('badged_store_commands_total', 'Commands executed or refused.', ({ commands }) => commands);
  counter('badged_store_rows_total', 'Rows appended to the journal.', ({ rows }) => rows);
  gauge('badged_store_journal_tail_rows', 'Rows the next start would apply again.', ({ logTail }) => logTail);
  gauge(
    'badged_store_participations',
    'Participants of all conversations.',
    ({ participations }) => participations,
  );
}
