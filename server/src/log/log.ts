/** The log of the process: pino's JSON lines, written by log_output.ts. */
import { type Logger, pino } from 'pino';
import { Counter, type Registry } from 'prom-client';
import { LogOutput, standardError, type WriteNow } from './log_output.js';

export interface Log {
  readonly logger: Logger;
  /** Adds the metric of dropped lines. */
  report(registry: Registry): void;
  /** Writes what is buffered, as long as it is taken. */
  close(): void;
}

export function openLog(level: string, writeNow: WriteNow = standardError()): Log {
  const output: LogOutput = new LogOutput({
    writeNow,
    onDropped: (dropped) =>
      logger.error({ dropped }, 'Log lines were dropped, because standard error was not read fast enough.'),
  });
  const logger = pino({ level }, output);
  return {
    logger,
    report: (registry) => reportDropped(output, registry),
    close: () => output.flushSync(),
  };
}

function reportDropped(output: LogOutput, registry: Registry): void {
  new Counter({
    name: 'badged_log_lines_dropped_total',
    help: 'Log lines dropped, because standard error was not read fast enough.',
    registers: [registry],
    collect() {
      this.reset();
      this.inc(output.droppedTotal);
    },
  });
}
