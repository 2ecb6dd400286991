/**
 * Preloaded into a server under measurement (`--import`): says, when asked over the process's channel, for how long
 * its event loop was blocked at most, and how much memory it holds.
 *
 * A timer ticks every millisecond. A gap between two ticks is a blocked loop, or a machine that was busy elsewhere, or a
 * disk that was waited for: of the gap and of the CPU time that the loop's thread used in it, the smaller counts. How much of
 * the longest one was spent collecting garbage is said as well.
 */
import { closeSync, openSync, readSync } from 'node:fs';
import { PerformanceObserver } from 'node:perf_hooks';

const tickMs = 1;

/** Linux: the CPU time of the first thread, in nanoseconds, is the first number. Elsewhere that of the process is taken. */
const schedule = opened('/proc/self/schedstat');
const text = Buffer.alloc(128);

let at = performance.now();
let cpu = cpuMs();
let worst = { blockedMs: 0, wallMs: 0 };
/** The gap in which the loop was blocked for the longest. */
let gap = { from: at, to: at };
let collections: { readonly startTime: number; readonly duration: number }[] = [];

const observer = new PerformanceObserver((list) => void collections.push(...list.getEntries()));
observer.observe({ entryTypes: ['gc'] });

setInterval(() => {
  const now = performance.now();
  const usedMs = cpuMs() - cpu;
  const wallMs = now - at - tickMs;
  const blockedMs = Math.min(wallMs, usedMs);
  if (blockedMs > worst.blockedMs) gap = { from: at, to: now };
  worst = {
    blockedMs: Math.max(worst.blockedMs, blockedMs),
    wallMs: Math.max(worst.wallMs, wallMs),
  };
  at = now;
  cpu = cpuMs();
}, tickMs).unref();

process.on('message', (message) => {
  if (message === 'reset') {
    worst = { blockedMs: 0, wallMs: 0 };
    collections = [];
  }
  if (message === 'read')
    process.send?.({ ...worst, garbageMs: garbageMs(), residentBytes: process.memoryUsage.rss() });
});
// The channel must not keep the server alive.
process.channel?.unref();

/** How much of the longest gap was spent collecting garbage. */
function garbageMs(): number {
  collections.push(...observer.takeRecords());
  const within = ({ startTime, duration }: { startTime: number; duration: number }) =>
    Math.min(startTime + duration, gap.to) - Math.max(startTime, gap.from);
  return collections.reduce((sum, collection) => sum + Math.max(0, within(collection)), 0);
}

function cpuMs(): number {
  // The call also brings the file up to date.
  const { user, system } = process.cpuUsage();
  if (schedule === undefined) return (user + system) / 1_000;
  const length = readSync(schedule, text, 0, text.length, 0);
  return Number.parseInt(text.toString('latin1', 0, length), 10) / 1e6;
}

function opened(file: string): number | undefined {
  try {
    const descriptor = openSync(file, 'r');
    process.on('exit', () => closeSync(descriptor));
    return descriptor;
  } catch {
    return undefined;
  }
}
