/**
 * Preloaded into a server under measurement (`--import`): says, when asked over the process's channel, for how long
 * its event loop was blocked at most, and how much memory it holds.
 *
 * A timer ticks every millisecond. A gap between two ticks is a blocked loop, or a machine that was busy elsewhere: of the
 * gap and of the CPU time that the process used in it, the smaller counts. How much of the longest one was spent collecting
 * garbage is said as well.
 */
import { PerformanceObserver } from 'node:perf_hooks';

const tickMs = 1;

let at = performance.now();
let cpu = process.cpuUsage();
let worst = { blockedMs: 0, wallMs: 0 };
/** The gap in which the loop was blocked for the longest. */
let gap = { from: at, to: at };
let collections: { readonly startTime: number; readonly duration: number }[] = [];

const observer = new PerformanceObserver((list) => void collections.push(...list.getEntries()));
observer.observe({ entryTypes: ['gc'] });

setInterval(() => {
  const now = performance.now();
  const { user, system } = process.cpuUsage(cpu);
  const wallMs = now - at - tickMs;
  const blockedMs = Math.min(wallMs, (user + system) / 1_000);
  if (blockedMs > worst.blockedMs) gap = { from: at, to: now };
  worst = {
    blockedMs: Math.max(worst.blockedMs, blockedMs),
    wallMs: Math.max(worst.wallMs, wallMs),
  };
  at = now;
  cpu = process.cpuUsage();
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
