/**
 * Preloaded into a server under measurement (`--import`): says, when asked over the process's channel, for how long
 * its event loop was blocked at most, and how much memory it holds.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

process.on('message', (message) => {
  if (message === 'reset') delay.reset();
  if (message !== 'read') return;
  process.send?.({ blockedMs: delay.max / 1e6, residentBytes: process.memoryUsage.rss() });
});
// The channel must not keep the server alive.
process.channel?.unref();
